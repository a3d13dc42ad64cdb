/* What the collector's threads count, in the one place where they share memory: atomics that each thread adds to or
 * sets and the watch thread reads. No number depends on another, so nothing is ordered by them. */
#ifndef METRICS_TALLIES_H
#define METRICS_TALLIES_H

#include "metrics/metric_text.h"
#include "metrics/tally_words.h"

#include <stdatomic.h>
#include <stdint.h>

#define TALLY_CONSTANT(NAME, type, metric, label, value, help) TALLY_##NAME,
enum tally { TALLY_WORDS(TALLY_CONSTANT) TALLIES };

/* Threads that have to show life. */
enum pulse { PULSE_GATEWAY, PULSE_CONTROL, PULSES };

#define COMMIT_BUCKETS 10

struct tallies {
    _Atomic int64_t values[TALLIES];
    _Atomic uint64_t pulse_us[PULSES]; /* by the monotonic clock; 0 = not yet */
    _Atomic uint64_t commits[COMMIT_BUCKETS + 1], commit_us;
};

/* All take NULL: then nobody watches. */
void tallies_add(struct tallies *tallies, enum tally which, int64_t amount);
void tallies_set(struct tallies *tallies, enum tally which, int64_t value);
int64_t tallies_get(const struct tallies *tallies, enum tally which);
void tallies_commit_took(struct tallies *tallies, uint64_t us);
void tallies_beat(struct tallies *tallies, enum pulse which, uint64_t now_us);

/* All of them as metrics. */
void tallies_write(const struct tallies *tallies, struct metric_text *out);

#endif
