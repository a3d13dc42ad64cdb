#include "command/allowance.h"

uint64_t allowance_next_us(const struct allowance *allowance)
{
    const uint64_t free_us = (ALLOWANCE_SWEEPS - 1) * (uint64_t)ALLOWANCE_INTERVAL_US;
    return allowance->used_until_us > free_us ? allowance->used_until_us - free_us : 0;
}

void allowance_take(struct allowance *allowance, uint64_t now_us)
{
    uint64_t from_us = allowance->used_until_us > now_us ? allowance->used_until_us : now_us;
    allowance->used_until_us = from_us + ALLOWANCE_INTERVAL_US;
}
