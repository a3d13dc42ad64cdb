/* Made-up reports that look like those of real sites, for tests and benchmarks. The same seed gives the same report. */
#ifndef SAMPLE_REPORT_SAMPLE_H
#define SAMPLE_REPORT_SAMPLE_H

#include "base/attributes.h"
#include "proto/report.h"

#include <stdint.h>

enum report_sample_kind {
    SAMPLE_SUPPORTED,  /* every port passes, RTT with jitter */
    SAMPLE_PARTIAL,    /* a range in the middle is not forwarded; a few retransmissions */
    SAMPLE_CLOSED,     /* no forward at all */
    SAMPLE_LOSSY,      /* 20 % loss: attempts differ from port to port */
    SAMPLE_SYMMETRIC,  /* every mapped port is random */
    SAMPLE_NOT_TESTED, /* verdicts without evidence, all equal */
    SAMPLE_RANDOM      /* any value in any field */
};

/* A report on the ports of `ports` (a port list), whole with texts and NAT. NULL when memory is short or the list is
 * bad. */
struct report *report_sample(enum report_sample_kind kind, const char *ports, uint64_t seed) MUST_CHECK;

/* splitmix64: the next of a series of random numbers. */
uint64_t sample_random(uint64_t *state);
uint32_t sample_below(uint64_t *state, uint32_t limit); /* 0..limit - 1 */

#endif
