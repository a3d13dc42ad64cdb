#include "base/bucket.h"

#include <assert.h>

#define US_PER_MINUTE 60000000u
#define MILLI 1000u

struct bucket bucket_make(uint32_t per_minute, uint64_t now_us)
{
    return (struct bucket){.filled_us = now_us, .tokens_milli = per_minute * MILLI};
}

/* Only the time that made whole thousandths is used up, or a fast asker would never gain any. */
static void fill(struct bucket *bucket, uint32_t per_minute, uint64_t now_us)
{
    uint64_t full_milli = (uint64_t)per_minute * MILLI;
    uint64_t elapsed_us = now_us - bucket->filled_us;
    if (elapsed_us >= US_PER_MINUTE) {
        *bucket = bucket_make(per_minute, now_us);
        return;
    }
    uint64_t gained_milli = elapsed_us * full_milli / US_PER_MINUTE;
    if (gained_milli == 0)
        return;
    uint64_t tokens_milli = bucket->tokens_milli + gained_milli;
    bucket->tokens_milli = (uint32_t)(tokens_milli > full_milli ? full_milli : tokens_milli);
    bucket->filled_us += gained_milli * US_PER_MINUTE / full_milli;
}

bool bucket_holds(struct bucket *bucket, uint32_t per_minute, uint32_t amount, uint64_t now_us)
{
    fill(bucket, per_minute, now_us);
    return bucket->tokens_milli >= (uint64_t)amount * MILLI;
}

void bucket_spend(struct bucket *bucket, uint32_t amount)
{
    assert(bucket->tokens_milli >= (uint64_t)amount * MILLI);
    bucket->tokens_milli -= amount * MILLI;
}
