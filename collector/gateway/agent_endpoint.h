/* The endpoint of enrolled agents. Every message is held against the keyring by the key that its connection proved, so
 * a key that is revoked now loses its connection's meaning with the next message. */
#ifndef GATEWAY_AGENT_ENDPOINT_H
#define GATEWAY_AGENT_ENDPOINT_H

#include "exchange/delivery.h"
#include "exchange/directory.h"
#include "exchange/mailbox.h"
#include "gateway/admission.h"
#include "gateway/counts.h"
#include "gateway/keyring.h"
#include "gateway/peers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agent_endpoint {
    void *router;
    struct mailbox *control;
    struct mailbox *const *stores; /* a site's reports always take the same one */
    size_t store_count;
    struct counts *counts;
    struct keyring keyring;
    bool keyring_known;
    struct directory directory; /* empty: not known yet */
    struct peers *peers;
    struct admission admission;
    uint32_t heartbeat_ms, heartbeat_misses;
    bool draining; /* take no more reports and no more agents */
};

/* Reads at most `budget` messages. */
void agent_endpoint_serve(struct agent_endpoint *endpoint, int budget, uint64_t now_us);

/* Acknowledges what a store writer brought back and frees it. At most HELLO_SWEEPS_MAX. */
void agent_endpoint_returned(struct agent_endpoint *endpoint, struct delivery **deliveries, size_t count);

/* Drops the agents that were silent for too long. */
void agent_endpoint_expire(struct agent_endpoint *endpoint, uint64_t now_us);

/* Tells every agent to go on at another collector: the last thing that is done. */
void agent_endpoint_send_away(struct agent_endpoint *endpoint);

#endif
