/* Before failures are reported: some of them are looked at once more, slowly. A ban of strangers that spares old
 * connections, or a limit on how many may come in a second, shows in no proof and in no sentinel: those are old. Only
 * another stranger tells it from closed ports, and each new tuple of address and ports is one:
 * - After a quiet moment, what was only limited passes. That goes for Test 1, too: a router or a firewall that lets out
 *   few new connections a second, or in few packets, makes ports look unreachable while old connections and the fresh
 *   port of a round are heard. So some of them are asked again one after another, before anything else is.
 * - Where the NAT's filter lets in a stranger, it must go on to: the controls ask it anew. One that lets in the first
 *   address's other port for having asked that address must let in the second address's for the same reason.
 * - Where it lets in nobody else, only a rule lets in the first address's other port: when that comes in to a port that
 *   failed, the second address is banned; when it does not to a port that passed, strangers are.
 * A router may let in just one stranger before it bans an address, so that first one must not be wasted: the other port
 * of the first address is asked for by ports that failed, before an ephemeral port spends it, unless a port has passed
 * and can serve as the control.
 * One contradiction, and no failure is believed. Without any stranger that ever came in, a ban of both addresses that
 * spares what was asked is, packet for packet, a filter that lets in the asked only and no forward: it reads as closed,
 * as the sites without a ban do, which are most. */
#ifndef SWEEP_SECOND_LOOK_H
#define SWEEP_SECOND_LOOK_H

#include "base/attributes.h"
#include "sweep/engine.h"

/* Every failure is settled. */
void second_look_begin(struct sweep *sweep, uint64_t now_us);
bool second_look_start(struct sweep *sweep, uint64_t now_us, struct sweep_action *action) MUST_CHECK;
enum port_event second_look_opened(const struct sweep *sweep, uint32_t index);
/* Whether the first address's other port is all that is asked for from this port. */
bool second_look_crosses_only(const struct sweep *sweep, uint32_t index);
void second_look_answered(struct sweep *sweep, const struct slot *slot, const struct answer *answer);
/* Goes on from one part of it to the next, when that is due. */
void second_look_go_on(struct sweep *sweep, uint64_t now_us);
/* It may begin, or everything that was looked at has ended. */
bool second_look_due(const struct sweep *sweep);
/* Doubts every failure when one of them was none. */
void second_look_conclude(struct sweep *sweep);
/* What is blocked now will not be asked again: ports that were not reached stay in doubt for `reason`. */
void second_look_skip_unreached(struct sweep *sweep, enum reason reason);
/* The server is left before it is over: what the look has found so far counts, and failures that contradict the NAT's
 * filter stay in doubt. */
void second_look_break_off(struct sweep *sweep);
bool second_look_over(const struct sweep *sweep);
uint64_t second_look_wake_us(const struct sweep *sweep); /* UINT64_MAX: not waiting */

#endif
