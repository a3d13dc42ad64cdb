/* Which batches of the spool are on their way (pure): a window of credit, sent in the order of the spool, sent again on
 * a new connection or when an acknowledgement stays away. The collector ignores what it has already, so sending twice
 * is safe. */
#ifndef UPLINK_DELIVERY_H
#define UPLINK_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DELIVERY_WINDOW 16

struct delivery_flight {
    uint64_t sweep_id;
    uint32_t batch;
    uint64_t sent_us;
};

struct delivery {
    int64_t sequence;                                /* of the last batch sent: the next is the first above it */
    struct delivery_flight flights[DELIVERY_WINDOW]; /* in the order they were sent */
    size_t count;
    uint64_t held_until_us;
};

/* A new connection, or a reason to begin anew: all that is not acknowledged will be sent again. A hold stays. */
void delivery_reset(struct delivery *delivery);
bool delivery_may_send(const struct delivery *delivery, uint64_t now_us);
void delivery_sent(struct delivery *delivery, int64_t sequence, uint64_t sweep_id, uint32_t batch, uint64_t now_us);
void delivery_settled(struct delivery *delivery, uint64_t sweep_id, uint32_t batch);

/* The collector asks for a pause: it may have thrown away what is in flight, so that goes again afterwards. At most an
 * hour. */
void delivery_hold(struct delivery *delivery, uint64_t now_us, uint32_t wait_ms);

/* Begins anew when the oldest acknowledgement is overdue; true when it did. */
bool delivery_overdue(struct delivery *delivery, uint64_t now_us);
uint64_t delivery_wake_us(const struct delivery *delivery, uint64_t now_us); /* UINT64_MAX = never */

#endif
