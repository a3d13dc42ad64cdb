/* The engine's only source of chance, so that a seed replays a sweep: splitmix64 (Steele, Lea, Flood 2014). The seed
 * comes from the kernel, and nobody who cannot see the packets learns an output. */
#ifndef SWEEP_CHANCE_H
#define SWEEP_CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state;
};

static inline uint64_t chance_u64(struct chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

#endif
