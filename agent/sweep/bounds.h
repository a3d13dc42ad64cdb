/* Keeping a number within its bounds. */
#ifndef SWEEP_BOUNDS_H
#define SWEEP_BOUNDS_H

#include <stdint.h>

static inline uint64_t bounded_u64(uint64_t value, uint64_t minimum, uint64_t maximum)
{
    if (value < minimum)
        return minimum;
    return value > maximum ? maximum : value;
}

#endif
