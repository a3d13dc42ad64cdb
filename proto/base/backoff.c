#include "base/backoff.h"

struct backoff backoff_make(uint32_t base_ms, uint32_t maximum_ms)
{
    return (struct backoff){.base_ms = base_ms, .maximum_ms = maximum_ms, .failures = 0};
}

uint32_t backoff_next_ms(struct backoff *backoff, uint64_t random)
{
    uint64_t ceiling = backoff->base_ms;
    for (uint32_t i = 0; i < backoff->failures && ceiling < backoff->maximum_ms; i++)
        ceiling *= 2;
    if (ceiling > backoff->maximum_ms)
        ceiling = backoff->maximum_ms;
    if (backoff->failures < UINT32_MAX)
        backoff->failures++;
    return (uint32_t)(random % (ceiling + 1));
}

void backoff_reset(struct backoff *backoff)
{
    backoff->failures = 0;
}
