/* Which failures are believed. The server's second address is proven in rounds while ports are under test; what failed
 * between two proofs that lie close together is believed, the rest is tested again within the patience, or stays in
 * doubt. */
#ifndef SWEEP_DOUBT_H
#define SWEEP_DOUBT_H

#include "base/attributes.h"
#include "sweep/engine.h"

/* Settles the failures that can be settled now. */
void doubt_settle(struct sweep *sweep);
/* How far two proofs may lie apart. */
uint64_t doubt_gap_us(const struct sweep *sweep);

/* The second address was silent when the ports were begun, and then answered one: only a round can tell whether it came
 * late or cannot be asked from here. */
bool doubt_of_start(const struct sweep *sweep);

bool doubt_round_wanted(const struct sweep *sweep, uint64_t now_us);
void doubt_begin_round(struct sweep *sweep, uint64_t now_us);
void doubt_round_over(struct sweep *sweep, uint64_t now_us);

/* The second address stopped getting through, or does again. */
void doubt_block(struct sweep *sweep, uint64_t now_us);
void doubt_unblock(struct sweep *sweep, uint64_t now_us);

/* Every port is tested: tests again what was tested with too few sends for the loss that is known now; resolves the
 * failures that nothing can prove any more. */
void doubt_look_back(struct sweep *sweep);
void doubt_resolve(struct sweep *sweep);
/* Something swallows Test 2 that no proof shows: no failure of it is believed any more. */
void doubt_all(struct sweep *sweep);
/* The same, and none is tested again. */
void doubt_for_good(struct sweep *sweep, enum reason reason);
/* Every failure is settled: tests again, or leaves in doubt, what failed in a suspect streak. */
void doubt_look_at_order(struct sweep *sweep, uint64_t now_us);

#endif
