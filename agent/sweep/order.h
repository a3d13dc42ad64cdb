/* A shuffled order of 0..size-1 that is computed, not stored: a four-round Feistel network over the next even number of
 * bits, walked until it lands inside. Scan detectors look for ports in sequence, and a range that fails must not all
 * fail at once. */
#ifndef SWEEP_ORDER_H
#define SWEEP_ORDER_H

#include <stdint.h>

struct order {
    uint32_t size;
    uint32_t half_bits;
    uint32_t keys[4];
};

struct order order_make(uint32_t size, uint64_t seed);
/* The `position`-th of the shuffled numbers; position < size. */
uint32_t order_at(const struct order *order, uint32_t position);

#endif
