/* What the control thread asks of the gateway. */
#ifndef EXCHANGE_ORDER_H
#define EXCHANGE_ORDER_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "exchange/directory.h"
#include "exchange/route.h"
#include "proto/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum agent_state { AGENT_PENDING = 1, AGENT_ACTIVE, AGENT_REVOKED };

/* Whose a public key is. */
struct agent_key {
    uint8_t public_key[CURVE_KEY_BYTES];
    int64_t agent_id, site_id;
    bool is_next; /* replaces the agent's other key as soon as it is used */
    bool new_key_wanted;
    enum agent_state state;
    char site[WIRE_NAME_BYTES_MAX];
};

enum order_kind {
    ORDER_KEYRING,   /* forget all keys, know these */
    ORDER_KEY,       /* know one key more: its agent is about to connect */
    ORDER_NEXT_KEY,  /* let the agent in by its next key, too */
    ORDER_DIRECTORY, /* tell agents, now and from now on, where the collectors are */
    ORDER_SEND,      /* send the frame to an agent; a notice comes back when it is not connected */
    ORDER_REPLY      /* send the frame to a stranger on the enrolment endpoint */
};

struct order {
    enum order_kind kind;
    struct agent_key *keys; /* belongs to the order */
    size_t key_count;
    struct directory *directory; /* belongs to the order */
    int64_t agent_id;
    uint8_t public_key[CURVE_KEY_BYTES]; /* of an ORDER_NEXT_KEY */
    struct route route;
    uint8_t *frame; /* belongs to the order */
    size_t frame_bytes;
    uint64_t sweep_id; /* what the notice names; 0 = no notice wanted */
    uint32_t generation;
};

/* A zeroed order; NULL when memory is short. */
struct order *order_create(enum order_kind kind) MUST_CHECK;
void order_free(void *object); /* NULL is fine */

#endif
