#include "base/zsocket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

/* A fleet that comes back at once fills a shorter queue of half-open connections. */
#define BACKLOG 4096
/* A stranger who connects and says nothing is dropped after this. */
#define HANDSHAKE_MS 10000
/* A peer that vanished without a word, by a power cut or a NAT that forgot it, would keep its descriptor for ever: the
 * kernel closes what has not answered for two minutes. Heartbeats come more often, so it seldom has to ask. */
#define KEEPALIVE_IDLE_S 60
#define KEEPALIVE_INTERVAL_S 15
#define KEEPALIVE_PROBES 4

static int set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int set_limits(void *socket, const struct zsocket_limits *limits)
{
    int64_t max_message_bytes = limits->max_message_bytes;
    return set_int(socket, ZMQ_SNDHWM, limits->high_water_mark) ||
                   set_int(socket, ZMQ_RCVHWM, limits->high_water_mark) ||
                   set_int(socket, ZMQ_LINGER, limits->linger_ms) || set_int(socket, ZMQ_IPV6, 1) ||
                   set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) ||
                   zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &max_message_bytes, sizeof max_message_bytes)
               ? -1
               : 0;
}

static int set_keepalive(void *socket)
{
    return set_int(socket, ZMQ_TCP_KEEPALIVE, 1) || set_int(socket, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S) ||
                   set_int(socket, ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S) ||
                   set_int(socket, ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_PROBES)
               ? -1
               : 0;
}

static int set_keys(void *socket, const struct curve_key_pair *pair)
{
    return zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, pair->public_key, CURVE_KEY_BYTES) ||
                   zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, pair->secret_key, CURVE_KEY_BYTES)
               ? -1
               : 0;
}

/* At a high-water mark one thread would wait for the other; what may be under way is bounded by what each of them asks
 * for. */
static int set_unbounded(void *socket)
{
    return set_int(socket, ZMQ_SNDHWM, 0) || set_int(socket, ZMQ_RCVHWM, 0) ? -1 : 0;
}

static void *close_keeping_errno(void *socket)
{
    int error = errno;
    zmq_close(socket);
    errno = error;
    return NULL;
}

void *zsocket_curve_router(void *context, const struct curve_key_pair *server, const struct zsocket_limits *limits)
{
    static const char domain[] = "natsweep"; /* without a domain libzmq never asks ZAP and lets everybody in */
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    if (!socket)
        return NULL;
    if (set_limits(socket, limits) || set_keepalive(socket) || set_keys(socket, server) ||
        set_int(socket, ZMQ_CURVE_SERVER, 1) || zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, sizeof domain - 1) ||
        set_int(socket, ZMQ_ROUTER_MANDATORY, 1) || set_int(socket, ZMQ_BACKLOG, BACKLOG))
        return close_keeping_errno(socket);
    return socket;
}

void *zsocket_curve_dealer(void *context, const struct curve_key_pair *client,
                           const uint8_t server_public_key[CURVE_KEY_BYTES], const struct zsocket_limits *limits)
{
    void *socket = zmq_socket(context, ZMQ_DEALER);
    if (!socket)
        return NULL;
    if (set_limits(socket, limits) || set_keys(socket, client) || set_int(socket, ZMQ_IMMEDIATE, 1) ||
        set_int(socket, ZMQ_RECONNECT_IVL, -1) ||
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_public_key, CURVE_KEY_BYTES))
        return close_keeping_errno(socket);
    return socket;
}

int zsocket_pair(void *context, const char *name, void *ends[2])
{
    char endpoint[128];
    snprintf(endpoint, sizeof endpoint, "inproc://%s", name);
    void *bound = zmq_socket(context, ZMQ_PAIR);
    void *connected = zmq_socket(context, ZMQ_PAIR);
    if (!bound || !connected || set_int(bound, ZMQ_LINGER, 0) || set_int(connected, ZMQ_LINGER, 0) ||
        set_unbounded(bound) || set_unbounded(connected) || zmq_bind(bound, endpoint) ||
        zmq_connect(connected, endpoint)) {
        int error = errno;
        if (bound)
            zmq_close(bound);
        if (connected)
            zmq_close(connected);
        errno = error;
        return -1;
    }
    ends[0] = bound;
    ends[1] = connected;
    return 0;
}

/* The first frame is the number and a value, the second one the address, which nobody here needs. */
unsigned zsocket_next_event(void *monitor)
{
    uint8_t fact[6];
    uint16_t event = 0;
    int more = 0, got = zmq_recv(monitor, fact, sizeof fact, ZMQ_DONTWAIT);
    size_t size = sizeof more;
    if (got == (int)sizeof fact)
        memcpy(&event, fact, sizeof event);
    while (got >= 0 && zmq_getsockopt(monitor, ZMQ_RCVMORE, &more, &size) == 0 && more)
        got = zmq_recv(monitor, NULL, 0, ZMQ_DONTWAIT);
    return event;
}
