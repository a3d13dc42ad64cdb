/* The control connection of a TCP sweep: opened, then an allocation is asked for over it, and when the server drops it,
 * opened again. It holds the relayed address that Connects come from. Pure: tcp_sweep.c hands its actions on. */
#ifndef SWEEP_TCP_CONTROL_H
#define SWEEP_TCP_CONTROL_H

#include "base/address.h"
#include "base/attributes.h"
#include "stun/turn_tcp.h"
#include "sweep/plan.h"
#include "sweep/tcp_action.h"

#include <stdbool.h>
#include <stdint.h>

enum control_state {
    CONTROL_CLOSED,
    CONTROL_OPENING,    /* TCP to the server */
    CONTROL_ALLOCATING, /* a relayed address */
    CONTROL_READY
};

struct tcp_control {
    enum control_state state; /* the rest is for tcp_control.c, but for reading */
    struct address server, relayed, own;
    struct turn_tcp *turn;
    unsigned openings;
    bool open_wanted, close_wanted;
    bool reached;    /* TCP stood */
    bool answered;   /* and TURN was spoken, if only to refuse */
    uint64_t due_us; /* when connection and allocation must stand */
};

void tcp_control_open(struct tcp_control *control, const struct address *server, uint64_t now_us);
/* Closes what the server dropped and opens another; false when it did that too often. */
bool tcp_control_open_again(struct tcp_control *control, uint64_t now_us) MUST_CHECK;
/* Another allocation, although this one worked. */
void tcp_control_open_anew(struct tcp_control *control, uint64_t now_us);
void tcp_control_close(struct tcp_control *control);
void tcp_control_free(struct tcp_control *control);

/* The connection stands. 0, or -ENOMEM. */
int tcp_control_opened(struct tcp_control *control, const struct plan *plan) MUST_CHECK;
void tcp_control_allocated(struct tcp_control *control, const struct turn_event *event);
/* The first allocation was refused: the server does not want to, where a later one was dropped. */
bool tcp_control_never_allocated(const struct tcp_control *control);

bool tcp_control_overdue(const struct tcp_control *control, uint64_t now_us);
bool tcp_control_next(struct tcp_control *control, uint64_t now_us,
                      struct tcp_action *action);                /* false: nothing to do */
uint64_t tcp_control_wake_us(const struct tcp_control *control); /* UINT64_MAX = never */

#endif
