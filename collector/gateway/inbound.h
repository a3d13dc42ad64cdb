/* One message that came in by a ROUTER: who sent it, by what connection, and its single frame. */
#ifndef GATEWAY_INBOUND_H
#define GATEWAY_INBOUND_H

#include "base/address.h"
#include "base/attributes.h"
#include "base/curve_key.h"
#include "exchange/route.h"

#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

struct inbound {
    struct route route;
    uint8_t public_key[CURVE_KEY_BYTES]; /* ZAP's User-Id: proven by the handshake */
    char address[ADDRESS_TEXT_BYTES];    /* where it came from, as libzmq tells it */
    const char *fault;                   /* why its report cannot be read; NULL: nothing is wrong with it */
    zmq_msg_t body;                      /* inbound_close releases it */
};

/* Never waits. Returns 1; 0 when nothing waits; -EBADMSG for a message not of one frame, -EPERM for a connection that
 * chose its own routing id or has no User-Id: those have been read and dropped. Only after 1 there is something to
 * close. */
int inbound_receive(void *router, struct inbound *inbound) MUST_CHECK;
void inbound_close(struct inbound *inbound);

/* Sends one frame. Returns 0, -EHOSTUNREACH when the connection is gone, -EAGAIN when its queue is full, or -errno. */
int inbound_answer(void *router, const struct route *route, const void *frame, size_t len) MUST_CHECK;

#endif
