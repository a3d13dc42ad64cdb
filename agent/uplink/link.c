#include "uplink/link.h"

#include "base/zsocket.h"
#include "proto/limits.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HIGH_WATER_MARK 64 /* more than a window of reports and what is said beside them */
#define LINGER_MS 1000     /* a last report or refusal still leaves when the agent stops */

struct link {
    void *dealer, *monitor;
    bool tcp, stands; /* TCP connected; CURVE done */
};

static int open_monitor(void *context, struct link *link)
{
    /* Every attempt has its own name: the last one's monitor may be closing still. */
    char name[64];
    snprintf(name, sizeof name, "inproc://link-%p-%p", (void *)link, link->dealer);
    int events = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
    if (zmq_socket_monitor(link->dealer, name, events) != 0)
        return -errno;
    link->monitor = zmq_socket(context, ZMQ_PAIR);
    return link->monitor && zmq_connect(link->monitor, name) == 0 ? 0 : -errno;
}

int link_open(void *context, const struct curve_key_pair *key, const char *endpoint,
              const uint8_t server_key[CURVE_KEY_BYTES], struct link **out)
{
    static const struct zsocket_limits limits = {HIGH_WATER_MARK, WIRE_FRAME_BYTES_MAX, LINGER_MS};
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        return -ENOMEM;
    link->dealer = zsocket_curve_dealer(context, key, server_key, &limits);
    int error = link->dealer ? open_monitor(context, link) : -errno;
    if (!error && zmq_connect(link->dealer, endpoint) != 0)
        error = -errno;
    if (error) {
        link_close(link);
        return error;
    }
    *out = link;
    return 0;
}

void link_close(struct link *link)
{
    if (!link)
        return;
    if (link->monitor) {
        zmq_socket_monitor(link->dealer, NULL, 0);
        zmq_close(link->monitor);
    }
    if (link->dealer)
        zmq_close(link->dealer);
    free(link);
}

void link_poll_items(const struct link *link, zmq_pollitem_t items[LINK_POLL_ITEMS])
{
    items[0] = (zmq_pollitem_t){.socket = link->monitor, .events = ZMQ_POLLIN};
    items[1] = (zmq_pollitem_t){.socket = link->dealer, .events = ZMQ_POLLIN};
}

static enum link_event gone(const struct link *link)
{
    if (link->stands)
        return LINK_CLOSED;
    return link->tcp ? LINK_WRONG_KEY : LINK_UNREACHABLE;
}

enum link_event link_next_event(struct link *link)
{
    unsigned event;
    while ((event = zsocket_next_event(link->monitor)) != 0) {
        switch (event) {
        case ZMQ_EVENT_CONNECTED: link->tcp = true; break;
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: link->stands = true; return LINK_CONNECTED;
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return LINK_NOT_ADMITTED;
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        case ZMQ_EVENT_DISCONNECTED:
        case ZMQ_EVENT_CLOSED: return gone(link);
        default: break;
        }
    }
    return LINK_NONE;
}

int link_send(struct link *link, const void *frame, size_t len)
{
    return zmq_send(link->dealer, frame, len, ZMQ_DONTWAIT) < 0 ? -errno : 0;
}

static bool has_more(const zmq_msg_t *message)
{
    return zmq_msg_more(message) != 0;
}

int link_receive(struct link *link, zmq_msg_t *message)
{
    zmq_msg_init(message);
    int parts = 0;
    do {
        if (zmq_msg_recv(message, link->dealer, ZMQ_DONTWAIT) < 0) {
            int error = -errno;
            zmq_msg_close(message);
            return error;
        }
        parts++;
    } while (has_more(message));
    if (parts == 1)
        return 0;
    zmq_msg_close(message);
    return -EPROTO;
}
