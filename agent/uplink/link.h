/* One attempt at a collector: a DEALER under CURVE and the monitor that tells how the attempt goes. A link that failed
 * is closed and a new one opened; it never reconnects by itself. */
#ifndef UPLINK_LINK_H
#define UPLINK_LINK_H

#include "base/attributes.h"
#include "base/curve_key.h"

#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

struct link;

enum link_event {
    LINK_NONE,
    LINK_CONNECTED,   /* TCP and CURVE stand */
    LINK_UNREACHABLE, /* no TCP connection */
    LINK_WRONG_KEY,   /* TCP, but the server broke off the handshake: not the holder of that key, or no collector at all
                       */
    LINK_NOT_ADMITTED, /* the server refused our key */
    LINK_CLOSED        /* it stood, and is gone */
};

#define LINK_POLL_ITEMS 2

/* Begins to connect to `endpoint` (tcp://HOST:PORT). Returns 0 or -errno (-EINVAL: no such endpoint can be). */
int link_open(void *context, const struct curve_key_pair *key, const char *endpoint,
              const uint8_t server_key[CURVE_KEY_BYTES], struct link **out) MUST_CHECK;
/* NULL is fine. What was sent and is not yet out gets a moment to leave. */
void link_close(struct link *link);

void link_poll_items(const struct link *link, zmq_pollitem_t items[LINK_POLL_ITEMS]);

/* The next thing that happened to the connection; LINK_NONE when nothing (more) did. */
enum link_event link_next_event(struct link *link);

/* Returns 0, or -EAGAIN when the connection does not stand or takes no more, or -errno. */
int link_send(struct link *link, const void *frame, size_t len) MUST_CHECK;
/* The next message, which the caller closes. Returns 0, -EAGAIN when there is none, -EPROTO for one of several frames
 * (skipped), or -errno. */
int link_receive(struct link *link, zmq_msg_t *message) MUST_CHECK;

#endif
