/* What of a TURN server's word about this site is believed: held against what the UDP ports measured. A failure that
 * rests on a false word is nobody's but the server's. Pure. */
#ifndef SWEEP_TCP_BELIEF_H
#define SWEEP_TCP_BELIEF_H

#include <stdbool.h>

struct tcp_sweep;

/* The server has told the address that it sees this host at, where its connections will aim. Returns whether that may
 * be this site's. */
bool tcp_belief_take_mapped(struct tcp_sweep *sweep);

/* At the end: takes back the failures that it alone vouches for. */
void tcp_belief_conclude(struct tcp_sweep *sweep);

#endif
