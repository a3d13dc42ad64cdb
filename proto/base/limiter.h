/* A limit on how often strangers may ask (pure): a token bucket a source and one for all. Sources are told apart by
 * their address, because keys cost a stranger nothing. The table is fixed; sources that share a slot share its bucket,
 * so a flood from many addresses makes the limit stricter, never looser. */
#ifndef BASE_LIMITER_H
#define BASE_LIMITER_H

#include "base/attributes.h"
#include "base/bucket.h"

#include <stdbool.h>
#include <stdint.h>

#define LIMITER_SLOTS 1024

struct limiter {
    uint32_t source_per_minute, total_per_minute; /* bucket size, and what flows in */
    uint64_t seed;                                /* so that nobody can aim at another's slot */
    struct bucket total;
    struct bucket sources[LIMITER_SLOTS];
};

void limiter_init(struct limiter *limiter, uint32_t source_per_minute, uint32_t total_per_minute, uint64_t seed,
                  uint64_t now_us);
bool limiter_allows(struct limiter *limiter, const char *source, uint64_t now_us) MUST_CHECK;

#endif
