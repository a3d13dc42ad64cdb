#include "sweep/order.h"

#include "sweep/chance.h"

struct order order_make(uint32_t size, uint64_t seed)
{
    struct order order = {.size = size, .half_bits = 1};
    struct chance chance = {seed};
    while (((uint64_t)1 << 2 * order.half_bits) < size)
        order.half_bits++;
    for (unsigned i = 0; i < 4; i++)
        order.keys[i] = (uint32_t)chance_u64(&chance);
    return order;
}

static uint32_t mixed(uint32_t half, uint32_t key)
{
    struct chance chance = {(uint64_t)key << 32 | half};
    return (uint32_t)chance_u64(&chance);
}

static uint32_t permuted(const struct order *order, uint32_t number)
{
    uint32_t mask = (UINT32_C(1) << order->half_bits) - 1;
    uint32_t left = number >> order->half_bits, right = number & mask;
    for (unsigned i = 0; i < 4; i++) {
        uint32_t next = left ^ (mixed(right, order->keys[i]) & mask);
        left = right;
        right = next;
    }
    return left << order->half_bits | right;
}

uint32_t order_at(const struct order *order, uint32_t position)
{
    uint32_t number = position;
    do
        number = permuted(order, number);
    while (number >= order->size);
    return number;
}
