/* A collector of the tests' own: a CURVE ROUTER whose every answer the test writes, and a ZAP handler that admits or
 * refuses. One thread drives it by fake_collector_receive. */
#ifndef FAKE_FAKE_COLLECTOR_H
#define FAKE_FAKE_COLLECTOR_H

#include "base/curve_key.h"
#include "proto/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_collector {
    void *context, *router, *zap;
    struct curve_key_pair key;
    char endpoint[64];
    bool refuses; /* every key from now on */
    uint8_t peer[16];
    size_t peer_len; /* of the message received last */
};

void fake_collector_listen(struct fake_collector *fake, const char *endpoint);
void fake_collector_start(struct fake_collector *fake);
/* The connection of every agent breaks. */
void fake_collector_cut(struct fake_collector *fake);
void fake_collector_stop(struct fake_collector *fake);
/* Answers ZAP and waits up to timeout_ms for a message of an agent; NULL when none came. The caller frees it with
 * wire_free. */
Envelope *fake_collector_receive(struct fake_collector *fake, long timeout_ms);
/* To the agent heard last. */
void fake_collector_send(struct fake_collector *fake, Envelope *envelope);
void fake_collector_welcome(struct fake_collector *fake, Natsweep__Welcome__Status status);
void fake_collector_ack(struct fake_collector *fake, uint64_t sweep_id, uint32_t batch, bool rejected);
void fake_collector_wait(struct fake_collector *fake, uint32_t wait_ms);
/* A sweep of 20 UDP ports from 9000. */
void fake_collector_command(struct fake_collector *fake, uint64_t sweep_id, uint32_t generation, uint32_t expires_in_s,
                            uint32_t pace_pps);
void fake_collector_cancel(struct fake_collector *fake, uint64_t sweep_id);

#endif
