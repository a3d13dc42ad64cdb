/* A token bucket: holds as much as flows in within a minute. Pure: time is an argument. */
#ifndef BASE_BUCKET_H
#define BASE_BUCKET_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct bucket {
    uint64_t filled_us; /* when it was last topped up */
    uint32_t tokens_milli;
};

struct bucket bucket_make(uint32_t per_minute, uint64_t now_us) MUST_CHECK; /* full */

/* Tops the bucket up and says whether `amount` tokens are in it. */
bool bucket_holds(struct bucket *bucket, uint32_t per_minute, uint32_t amount, uint64_t now_us) MUST_CHECK;

/* Takes tokens that it holds. */
void bucket_spend(struct bucket *bucket, uint32_t amount);

#endif
