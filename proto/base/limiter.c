#include "base/limiter.h"

#include <stddef.h>

void limiter_init(struct limiter *limiter, uint32_t source_per_minute, uint32_t total_per_minute, uint64_t seed,
                  uint64_t now_us)
{
    limiter->source_per_minute = source_per_minute;
    limiter->total_per_minute = total_per_minute;
    limiter->seed = seed;
    limiter->total = bucket_make(total_per_minute, now_us);
    for (size_t i = 0; i < LIMITER_SLOTS; i++)
        limiter->sources[i] = bucket_make(source_per_minute, now_us);
}

/* FNV-1a from a secret start. */
static size_t slot_of(const struct limiter *limiter, const char *source)
{
    uint64_t hash = 14695981039346656037u ^ limiter->seed;
    for (; *source; source++)
        hash = (hash ^ (uint8_t)*source) * 1099511628211u;
    return (size_t)(hash ^ (hash >> 32)) % LIMITER_SLOTS;
}

bool limiter_allows(struct limiter *limiter, const char *source, uint64_t now_us)
{
    struct bucket *bucket = &limiter->sources[slot_of(limiter, source)];
    bool source_may = bucket_holds(bucket, limiter->source_per_minute, 1, now_us);
    bool all_may = bucket_holds(&limiter->total, limiter->total_per_minute, 1, now_us);
    if (!source_may || !all_may)
        return false;
    bucket_spend(bucket, 1);
    bucket_spend(&limiter->total, 1);
    return true;
}
