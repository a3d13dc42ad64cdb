#include "gateway/limiter.h"

#include <stddef.h>

#define US_PER_MINUTE 60000000u
#define MILLI 1000u

/* Only the time that made whole thousandths is used up, or a fast asker would never gain any. */
static void fill(struct bucket *bucket, uint32_t per_minute, uint64_t now_us)
{
    uint64_t full_milli = (uint64_t)per_minute * MILLI;
    uint64_t elapsed_us = now_us - bucket->filled_us;
    if (elapsed_us >= US_PER_MINUTE) {
        *bucket = (struct bucket){.filled_us = now_us, .tokens_milli = (uint32_t)full_milli};
        return;
    }
    uint64_t gained_milli = elapsed_us * full_milli / US_PER_MINUTE;
    if (gained_milli == 0)
        return;
    uint64_t tokens_milli = bucket->tokens_milli + gained_milli;
    bucket->tokens_milli = (uint32_t)(tokens_milli > full_milli ? full_milli : tokens_milli);
    bucket->filled_us += gained_milli * US_PER_MINUTE / full_milli;
}

void limiter_init(struct limiter *limiter, uint32_t source_per_minute, uint32_t total_per_minute, uint64_t seed,
                  uint64_t now_us)
{
    limiter->source_per_minute = source_per_minute;
    limiter->total_per_minute = total_per_minute;
    limiter->seed = seed;
    limiter->total = (struct bucket){.filled_us = now_us, .tokens_milli = total_per_minute * MILLI};
    for (size_t i = 0; i < LIMITER_SLOTS; i++)
        limiter->sources[i] = (struct bucket){.filled_us = now_us, .tokens_milli = source_per_minute * MILLI};
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
    fill(bucket, limiter->source_per_minute, now_us);
    fill(&limiter->total, limiter->total_per_minute, now_us);
    if (bucket->tokens_milli < MILLI || limiter->total.tokens_milli < MILLI)
        return false;
    bucket->tokens_milli -= MILLI;
    limiter->total.tokens_milli -= MILLI;
    return true;
}
