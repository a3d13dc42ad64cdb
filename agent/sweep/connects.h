/* The Connects (RFC 6062) of a TCP sweep that are under way: how many a server bears at once, each with its port and
 * its deadline. One that has ended keeps its place until its port is no longer listened at. Pure. */
#ifndef SWEEP_CONNECTS_H
#define SWEEP_CONNECTS_H

#include "base/address.h"
#include "stun/turn_tcp.h"

#include <stdbool.h>
#include <stdint.h>

struct pending_connect {
    uint32_t index; /* of its port in the report */
    uint16_t port;
    bool used, ended;
    bool listening;         /* at the port, which has to stop */
    bool connected, failed; /* what the server said */
    bool cut_short;         /* its deadline is where patience ends: the server may yet do it */
    bool proven;            /* the server has answered it, or what it was asked later */
    struct address visitor; /* who came, and is not the server's relay; family 0: nobody */
    uint64_t asked_us, due_us, first_due_us;
};

/* All zero: none. */
struct connects {
    struct pending_connect places[TURN_CONNECTS_MAX];
};

/* Where the next one can be kept; NULL when the server bears no more. */
struct pending_connect *connects_room(struct connects *connects);

/* Those that have not ended: the one of a port, any, and one whose deadline is over; NULL when there is none. */
struct pending_connect *connects_find(struct connects *connects, uint16_t port);
struct pending_connect *connects_any(struct connects *connects);
struct pending_connect *connects_overdue(struct connects *connects, uint64_t now_us);

/* Frees the places of those that have ended, up to one that listens: true, and `port` tells where to stop. */
bool connects_clear(struct connects *connects, uint16_t *port);

/* The deadline of those that the server has said nothing of is this one, unless it is later or `patience_us` after the
 * first that they had. */
void connects_wait_longer(struct connects *connects, uint64_t due_us, uint64_t patience_us);

/* Those that were asked before `asked_us`: their silence counts from `due_us` on. */
void connects_proven(struct connects *connects, uint64_t asked_us, uint64_t due_us);

bool connects_empty(const struct connects *connects);       /* no place is used */
uint64_t connects_wake_us(const struct connects *connects); /* the next deadline; UINT64_MAX = none */

#endif
