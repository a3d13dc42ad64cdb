/* Metrics in Prometheus' text format 0.0.4 (pure), written into a buffer that grows. Running out of memory is
 * remembered and told by `failed`, so that callers check once. */
#ifndef METRICS_METRIC_TEXT_H
#define METRICS_METRIC_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define METRIC_TEXT_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

struct metric_label {
    const char *name;  /* [a-zA-Z_][a-zA-Z0-9_]* */
    const char *value; /* any text: it is escaped */
};

/* All zero is an empty buffer. */
struct metric_text {
    char *bytes; /* NUL-terminated once something was written */
    size_t len, capacity;
    bool failed;
};

void metric_text_free(struct metric_text *out); /* and makes it empty again */

/* HELP and TYPE of a family: before its samples, and once. */
void metric_text_family(struct metric_text *out, const char *name, enum metric_type type, const char *help);

/* One sample. A histogram's have the names NAME_bucket (with the label le), NAME_sum and NAME_count. */
void metric_text_sample(struct metric_text *out, const char *name, const struct metric_label *labels, size_t count,
                        double value);

/* Metrics that were written before, whole families. */
void metric_text_append(struct metric_text *out, const struct metric_text *metrics);

/* "counter", "gauge", "histogram"; returns 0 or -1. */
int metric_type_parse(const char *word, enum metric_type *type);

#endif
