/* The rounds of a TCP sweep: first every port, then what a lossy line kept silent, last what passed, alone. A failure
 * is believed only when server and router still do what they did before, and a pass only when it was this port's. Pure.
 */
#ifndef SWEEP_TCP_ROUNDS_H
#define SWEEP_TCP_ROUNDS_H

#include "base/address.h"
#include "proto/words.h"

#include <stdbool.h>
#include <stdint.h>

struct tcp_sweep;

/* Whether another port may be tried beside those that are. */
bool tcp_rounds_room(struct tcp_sweep *sweep);

/* How a port that is tried alone fared. */
void tcp_rounds_settle(struct tcp_sweep *sweep, uint32_t index, enum verdict verdict, enum reason reason);

/* A connection came to a port that none is under way to. Returns whether it was meant for the one that is. */
bool tcp_rounds_arrived_elsewhere(struct tcp_sweep *sweep, uint16_t port, const struct address *from);

/* All ports of a round have been tried. Returns whether another one has begun. */
bool tcp_rounds_go_on(struct tcp_sweep *sweep, uint64_t now_us);

/* After the last: which verdicts a common cause explains better. */
void tcp_rounds_conclude(struct tcp_sweep *sweep);

#endif
