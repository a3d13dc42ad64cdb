/* How long a Connect's silence is waited for. A server that does one thing after the other may not have begun with it:
 * before silence is judged, the server has to answer a Refresh that was asked for after the Connect. Pure. */
#ifndef SWEEP_TCP_PATIENCE_H
#define SWEEP_TCP_PATIENCE_H

#include "sweep/connects.h"

#include <stdbool.h>
#include <stdint.h>

struct tcp_sweep;

/* The server did, or answered, what it was asked at `asked_us`. */
void tcp_patience_take_delay(struct tcp_sweep *sweep, uint64_t now_us, uint64_t asked_us);
/* Bytes of the server's were read: a Refresh may be answered. */
void tcp_patience_take_answer(struct tcp_sweep *sweep, uint64_t now_us);

/* Nothing came of it before its deadline. Returns whether it may be judged; if not, it has another deadline. */
bool tcp_patience_over(struct tcp_sweep *sweep, uint64_t now_us, struct pending_connect *pending);

#endif
