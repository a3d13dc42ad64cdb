/* From the judged ports to the outcome of the sweep, and the sentences that a person reads. */
#ifndef SWEEP_OUTCOME_H
#define SWEEP_OUTCOME_H

#include "proto/port_list.h"
#include "proto/report.h"

/* What ended the sweep, when it was not its last port. */
enum sweep_end {
    SWEEP_END_COMPLETE,
    SWEEP_END_CANCELLED,
    SWEEP_END_NO_ANSWER,
    SWEEP_END_MISHEARD, /* what answered was no STUN */
    SWEEP_END_UNAUTHORIZED,
    SWEEP_END_DEADLINE
};

/* The warning of a router that hides whom it lets in: its advice is another one. */
#define OUTCOME_SOURCE_REWRITTEN "source_rewritten"
/* And that of one that drops what is above some rate. */
#define OUTCOME_RATE_LIMIT "rate_limit"

/* Fills in outcome, message and advice of a report whose ports are judged; once more after another stage judged more.
 * `list` tells the groups of alternatives. */
void outcome_conclude(struct report *report, const struct port_list *list, enum sweep_end end);

#endif
