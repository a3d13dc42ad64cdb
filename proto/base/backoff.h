/* Full-jitter exponential back-off (pure): wait a uniformly random time between 0 and a ceiling that doubles with each
 * failure. The library's own reconnect jitter is too small to spread a fleet after an outage. */
#ifndef BASE_BACKOFF_H
#define BASE_BACKOFF_H

#include <stdint.h>

struct backoff {
    uint32_t base_ms;    /* ceiling of the first wait */
    uint32_t maximum_ms; /* ceiling of every later wait */
    uint32_t failures;   /* in a row */
};

struct backoff backoff_make(uint32_t base_ms, uint32_t maximum_ms);
/* Counts a failure and returns how long to wait, in ms. `random` is any uniformly distributed number. */
uint32_t backoff_next_ms(struct backoff *backoff, uint64_t random);
void backoff_reset(struct backoff *backoff);

#endif
