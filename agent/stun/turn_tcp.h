/* The control connection of TURN for TCP (RFC 8656 with RFC 6062): one allocation, many Connect requests in flight.
 * Pure: bytes of the stream and the time go in; requests and events come out. The relayed connections themselves are
 * never bound: that the server could connect, and that this host saw it, is all that a sweep asks. Closing the control
 * connection frees everything. */
#ifndef STUN_TURN_TCP_H
#define STUN_TURN_TCP_H

#include "base/address.h"
#include "base/attributes.h"
#include "stun/auth.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Connects in flight on one allocation. coturn slows down past about 200. */
#define TURN_CONNECTS_MAX 128
#define TURN_MESSAGE_BYTES 1024

enum turn_event_kind {
    TURN_ALLOCATED, /* `address` is the relayed address that Connect comes from, `mapped` ours as the server sees it */
    TURN_CONNECTED, /* the peer accepted; `token` names the Connect */
    TURN_CONNECT_FAILED, /* `error_code` tells why: 447 = refused or timed out, 446 = already connected, 403 = denied */
    TURN_FAILED          /* the allocation cannot be had, or is gone; `error_code` 0 = the server speaks no TURN */
};

struct turn_event {
    enum turn_event_kind kind;
    uint16_t error_code;
    uint32_t token;
    struct address address, mapped;
};

struct turn_tcp;

/* Connects to peers of `family` (4 or 6). `user` (empty: none) and `password` must outlive it; `seed` starts the
 * transaction ids. NULL when memory is short. */
struct turn_tcp *turn_tcp_create(uint8_t family, const char *user, const char *password, uint64_t seed) MUST_CHECK;
void turn_tcp_destroy(struct turn_tcp *turn); /* NULL is fine */

/* Asks the server to connect to `peer`. Returns 0, or -EBUSY when TURN_CONNECTS_MAX are in flight or nothing is
 * allocated. */
int turn_tcp_connect(struct turn_tcp *turn, const struct address *peer, uint32_t token) MUST_CHECK;
/* Stops waiting for a Connect: its late answer is dropped. The server may still hold it. */
void turn_tcp_forget(struct turn_tcp *turn, uint32_t token);

/* Asks for a Refresh now. Whether one, or the allocation itself, is being waited for: a server answers in the order in
 * which it was asked, when it does one thing after the other. */
void turn_tcp_refresh(struct turn_tcp *turn);
bool turn_tcp_refreshing(const struct turn_tcp *turn);

/* The next bytes to send: a whole request, or 0 when there is none now. */
size_t turn_tcp_output(struct turn_tcp *turn, uint64_t now_us, uint8_t bytes[TURN_MESSAGE_BYTES]);
/* When output may have something again although nothing arrives (the allocation's refresh). */
uint64_t turn_tcp_wake_us(const struct turn_tcp *turn);

/* Takes bytes of the stream and reads at most one event out of them. Returns how many bytes were taken; call again
 * until all are and no event came. A stream that is not STUN gives TURN_FAILED. */
size_t turn_tcp_input(struct turn_tcp *turn, uint64_t now_us, const uint8_t *bytes, size_t len, bool *has_event,
                      struct turn_event *event);

#endif
