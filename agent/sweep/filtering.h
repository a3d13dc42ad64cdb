/* Whether the silence is believed by which the NAT's own filtering shows: like the failure of a port, only when the
 * second address has proven itself around it. A ban, a full table or loss would else make a full cone look strict, and
 * then a living mapping like a forward. */
#ifndef SWEEP_FILTERING_H
#define SWEEP_FILTERING_H

#include "base/attributes.h"
#include "sweep/engine.h"

void filtering_begin(struct sweep *sweep);
/* PROBE_FILTER_BOTH or PROBE_FILTER_PORT has ended. */
void filtering_answered(struct sweep *sweep, enum probe probe, const struct answer *answer, uint64_t now_us);
/* Ports are tested from now on: the server counts as proven up to here, unless it is not. */
void filtering_begin_ports(struct sweep *sweep, uint64_t now_us);
/* Believes it when it is proven by now. */
void filtering_settle(struct sweep *sweep);
/* A stranger has come in to a port (and another one, before the port had sent anything): none is banned, and the first
 * address's other port may be spent on the filter. */
void filtering_vouch(struct sweep *sweep, bool came_unasked, uint64_t now_us);
/* Strangers were banned: that silence may come from it, unless one came in later and all of them ever since. */
void filtering_doubt(struct sweep *sweep);
/* Asks again, whatever was found; every probe has ended. */
void filtering_ask_again(struct sweep *sweep);
/* Every port is settled: asks again what cannot be believed. */
void filtering_renew(struct sweep *sweep, uint64_t now_us);
/* It is believed, answered, or given up. */
bool filtering_over(const struct sweep *sweep);
/* Whether a round would help. */
bool filtering_wants_proof(const struct sweep *sweep);

#endif
