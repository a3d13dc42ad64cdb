/* ZeroMQ sockets with the options this project never goes without: bounded linger, high-water marks, message size,
 * back-log, handshake time-out, CURVE. Functions return a socket, or NULL with errno set (zmq_strerror names it). */
#ifndef BASE_ZSOCKET_H
#define BASE_ZSOCKET_H

#include "base/attributes.h"
#include "base/curve_key.h"

#include <stdbool.h>
#include <stddef.h>

struct zsocket_limits {
    int high_water_mark;   /* messages a peer, each way */
    int max_message_bytes; /* a larger one drops the peer */
    int linger_ms;         /* how long close waits for unsent messages */
};

/* A ROUTER that serves CURVE, asks ZAP in domain "natsweep", reports unroutable messages (ROUTER_MANDATORY), and
 * loses a peer that is gone (TCP keep-alive). */
void *zsocket_curve_router(void *context, const struct curve_key_pair *server,
                           const struct zsocket_limits *limits) MUST_CHECK;

/* A DEALER that connects only when the connection stands (IMMEDIATE), never reconnects by itself (RECONNECT_IVL -1: the
 * session does, with jitter), and trusts exactly `server_public_key`. */
void *zsocket_curve_dealer(void *context, const struct curve_key_pair *client,
                           const uint8_t server_public_key[CURVE_KEY_BYTES],
                           const struct zsocket_limits *limits) MUST_CHECK;

/* Two ends of an inproc PAIR without a high-water mark, for two threads of one program. Returns 0 or -1 with errno. */
int zsocket_pair(void *context, const char *name, void *ends[2]) MUST_CHECK;

/* The next event of a monitor (zmq_socket_monitor's PAIR), a ZMQ_EVENT_ number; 0 when there is none. Never waits. */
unsigned zsocket_next_event(void *monitor);

#endif
