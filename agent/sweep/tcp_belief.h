/* What of a TURN server's word about this site and itself is believed: held against what the UDP ports measured and
 * what arrives. A failure that rests on a false word is nobody's but the server's. Pure. */
#ifndef SWEEP_TCP_BELIEF_H
#define SWEEP_TCP_BELIEF_H

#include "base/address.h"
#include "proto/words.h"
#include "sweep/connects.h"

#include <stdbool.h>

struct tcp_sweep;

/* The server has told the address that it sees this host at, where its connections will aim. Returns whether that may
 * be this site's. */
bool tcp_belief_take_mapped(struct tcp_sweep *sweep);

/* A connection came from another address than the relay's to a port that the server is to connect to. It may be the
 * server's all the same, or a stranger's: no pass, but the port is no failure either unless the relay's comes. */
void tcp_belief_take_visitor(struct tcp_sweep *sweep, struct pending_connect *pending, const struct address *from);
/* The relay's has not come to a port that had a visitor: why that one is inconclusive. */
enum reason tcp_belief_of_visitor(struct tcp_sweep *sweep, const struct pending_connect *pending);

/* The relay's connection came to a port that none is under way to any more. */
void tcp_belief_take_straggler(struct tcp_sweep *sweep, uint16_t port);

/* What became of the Connect to a port that nobody uses. */
void tcp_belief_take_unused(struct tcp_sweep *sweep, uint16_t port, enum verdict verdict);

/* At the end: takes back the failures that it alone vouches for. */
void tcp_belief_conclude(struct tcp_sweep *sweep);

#endif
