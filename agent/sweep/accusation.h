/* What a server did wrong, in sentences that name it: warnings of the report, and why no port could be judged. */
#ifndef SWEEP_ACCUSATION_H
#define SWEEP_ACCUSATION_H

#include "proto/report.h"
#include "sweep/qualification.h"

/* Codes of warnings about a TURN server, see tcp_belief.c. */
#define ACCUSATION_TURN_MAPPED "turn_mapped_address"
#define ACCUSATION_TURN_ELSEWHERE "relay_elsewhere"
#define ACCUSATION_TURN_SLOW "turn_slow"
#define ACCUSATION_TURN_FALSE_SUCCESS "turn_false_success"

/* Warns of what the server named in the report did. */
void accusation_warn(const struct qualification *qualification, struct report *report);

/* The gravest of these sentences, or NULL when there is none. */
const char *accusation_of(const struct report *report);

#endif
