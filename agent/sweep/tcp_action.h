/* What a TCP sweep asks of whoever holds the sockets and the clock. */
#ifndef SWEEP_TCP_ACTION_H
#define SWEEP_TCP_ACTION_H

#include "base/address.h"
#include "stun/turn_tcp.h"

#include <stddef.h>
#include <stdint.h>

enum tcp_action_kind {
    TCP_CONTROL_OPEN,  /* connect to `address`; answer with tcp_sweep_control_opened or _failed when it is known */
    TCP_CONTROL_SEND,  /* send `bytes` over it, all of them */
    TCP_CONTROL_CLOSE, /* close it, or give up connecting */
    TCP_LISTEN,   /* only when the plan is not live: accept connections at `port` and tell them by tcp_sweep_arrived, or
                     answer with tcp_sweep_listen_failed before the next tcp_sweep_next */
    TCP_UNLISTEN, /* stop accepting at `port` */
    TCP_WAIT,     /* nothing to do before wake_us or the next event */
    TCP_DONE      /* every TCP port of the report is judged */
};

struct tcp_action {
    enum tcp_action_kind kind;
    struct address address;
    uint16_t port;
    size_t len;
    uint8_t bytes[TURN_MESSAGE_BYTES];
    uint64_t wake_us;
};

#endif
