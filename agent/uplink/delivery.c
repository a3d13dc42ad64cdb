#include "uplink/delivery.h"

#include <string.h>

#define HOLD_MOST_MS 3600000u
/* A busy store says Wait within seconds; longer silence about a batch on a living connection means it was dropped. */
#define OVERDUE_US 60000000u

void delivery_reset(struct delivery *delivery)
{
    delivery->sequence = 0;
    delivery->count = 0;
}

bool delivery_may_send(const struct delivery *delivery, uint64_t now_us)
{
    return delivery->count < DELIVERY_WINDOW && now_us >= delivery->held_until_us;
}

void delivery_sent(struct delivery *delivery, int64_t sequence, uint64_t sweep_id, uint32_t batch, uint64_t now_us)
{
    delivery->sequence = sequence;
    delivery->flights[delivery->count++] = (struct delivery_flight){sweep_id, batch, now_us};
}

void delivery_settled(struct delivery *delivery, uint64_t sweep_id, uint32_t batch)
{
    for (size_t i = 0; i < delivery->count; i++) {
        struct delivery_flight *flight = &delivery->flights[i];
        if (flight->sweep_id != sweep_id || flight->batch != batch)
            continue;
        delivery->count--;
        memmove(flight, flight + 1, (delivery->count - i) * sizeof *flight);
        return;
    }
}

void delivery_hold(struct delivery *delivery, uint64_t now_us, uint32_t wait_ms)
{
    uint32_t held_ms = wait_ms < HOLD_MOST_MS ? wait_ms : HOLD_MOST_MS;
    delivery->held_until_us = now_us + (uint64_t)held_ms * 1000;
    delivery_reset(delivery);
}

bool delivery_overdue(struct delivery *delivery, uint64_t now_us)
{
    if (delivery->count == 0 || now_us < delivery->flights[0].sent_us + OVERDUE_US)
        return false;
    delivery_reset(delivery);
    return true;
}

uint64_t delivery_wake_us(const struct delivery *delivery, uint64_t now_us)
{
    if (delivery->held_until_us > now_us)
        return delivery->held_until_us;
    return delivery->count > 0 ? delivery->flights[0].sent_us + OVERDUE_US : UINT64_MAX;
}
