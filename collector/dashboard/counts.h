/* What the dashboard counts, as metrics in Prometheus' text format. */
#ifndef DASHBOARD_COUNTS_H
#define DASHBOARD_COUNTS_H

#include "metrics/metric_text.h"

#include <stddef.h>
#include <stdint.h>

struct counts {
    uint64_t answers[6]; /* by the first digit of the status */
    uint64_t signed_in, turned_away;
};

/* An answer with this status, which is 100 to 599. */
void counts_answer(struct counts *counts, unsigned status);

/* All of them, and how many sessions and connections there are now. */
void counts_write(const struct counts *counts, size_t sessions, size_t connections, struct metric_text *out);

#endif
