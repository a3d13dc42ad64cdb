#include "gateway/inbound.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define V4_MAPPED "::ffff:"

static void skip_rest(void *router, zmq_msg_t *message)
{
    while (zmq_msg_more(message)) {
        if (zmq_msg_recv(message, router, ZMQ_DONTWAIT) < 0)
            return;
    }
}

/* The frame with the routing id. Returns 1, 0, or -EPERM for an id that libzmq did not make. */
static int receive_route(void *router, struct route *route, zmq_msg_t *message)
{
    int len;
    do {
        len = zmq_msg_recv(message, router, ZMQ_DONTWAIT);
    } while (len < 0 && zmq_errno() == EINTR);
    if (len < 0)
        return 0;
    const uint8_t *id = zmq_msg_data(message);
    if (len != ROUTE_BYTES || id[0] != 0)
        return -EPERM;
    memcpy(route->id, id, ROUTE_BYTES);
    return 1;
}

static bool identify(struct inbound *inbound, zmq_msg_t *body)
{
    const char *user_id = zmq_msg_gets(body, "User-Id");
    const char *address = zmq_msg_gets(body, "Peer-Address");
    if (address && strncmp(address, V4_MAPPED, strlen(V4_MAPPED)) == 0)
        address += strlen(V4_MAPPED); /* IPv4 by a dual-stack listener */
    snprintf(inbound->address, sizeof(inbound->address), "%s", address ? address : "unknown");
    return user_id && curve_key_parse(user_id, inbound->public_key) == 0;
}

int inbound_receive(void *router, struct inbound *inbound)
{
    zmq_msg_t *body = &inbound->body;
    inbound->fault = NULL;
    zmq_msg_init(body);
    int got = receive_route(router, &inbound->route, body);
    if (got > 0 && (!zmq_msg_more(body) || zmq_msg_recv(body, router, ZMQ_DONTWAIT) < 0 || zmq_msg_more(body)))
        got = -EBADMSG;
    if (got > 0 && !identify(inbound, body))
        got = -EPERM;
    if (got <= 0) {
        skip_rest(router, body);
        zmq_msg_close(body);
    }
    return got;
}

void inbound_close(struct inbound *inbound)
{
    zmq_msg_close(&inbound->body);
}

int inbound_answer(void *router, const struct route *route, const void *frame, size_t len)
{
    if (zmq_send(router, route->id, ROUTE_BYTES, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return -zmq_errno();
    return zmq_send(router, frame, len, ZMQ_DONTWAIT) < 0 ? -zmq_errno() : 0;
}
