/* What the gateway tells the control thread: a message of an agent (decoded and checked once), or what became of one.
 */
#ifndef EXCHANGE_NOTICE_H
#define EXCHANGE_NOTICE_H

#include "base/address.h"
#include "base/attributes.h"
#include "base/curve_key.h"
#include "exchange/route.h"
#include "proto/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum notice_kind {
    NOTICE_MESSAGE,    /* hello, heartbeat, accepted, refused or progress of a known agent */
    NOTICE_ENROLL,     /* an enroll of a stranger, to be answered to `route` */
    NOTICE_GONE,       /* the agent has not been heard for too long */
    NOTICE_UNDELIVERED /* the order about this sweep found no connection of its agent */
};

struct notice {
    enum notice_kind kind;
    int64_t agent_id, site_id;           /* by the key; 0 for strangers */
    Envelope *envelope;                  /* of the first two kinds; belongs to the notice */
    int64_t received_at_us;              /* wall clock */
    char address[ADDRESS_TEXT_BYTES];    /* where the message came from */
    struct route route;                  /* of an enroll */
    uint8_t public_key[CURVE_KEY_BYTES]; /* that the connection of an enroll was made with */
    bool by_next_key;                    /* a hello by the key that replaces the agent's other one */
    uint64_t sweep_id;                   /* undelivered */
    uint32_t generation;
};

/* A zeroed notice; NULL when memory is short. */
struct notice *notice_create(enum notice_kind kind) MUST_CHECK;
void notice_free(void *object); /* NULL is fine */

#endif
