/* New keys of agents: who is to make one is told so, and what an agent has made goes to the database and, once that has
 * it, to the gateway. */
#ifndef CONTROL_REKEY_H
#define CONTROL_REKEY_H

#include "base/attributes.h"
#include "control/state.h"
#include "exchange/order.h"

/* Tells the agents connected here that are to make a key. Those that were told already say the same again. */
void rekey_ask(struct state *state, const struct agent_key *keys, size_t count);

/* An agent's new key. Without a database it goes unanswered: the agent is asked again. */
void rekey_answer(struct state *state, struct agent *agent, const Natsweep__NewKey *new_key);

/* An agent has come by its new key. Returns an enum database_error. */
int rekey_used(struct state *state, const struct agent *agent) MUST_CHECK;

#endif
