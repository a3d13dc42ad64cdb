/* What this process takes of its machine, under the names that every Prometheus client library uses. */
#ifndef WATCH_PROCESS_METRICS_H
#define WATCH_PROCESS_METRICS_H

#include "metrics/metric_text.h"

/* Leaves out what the system does not tell. */
void process_metrics_write(struct metric_text *out);

#endif
