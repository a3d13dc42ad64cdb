/* natsweep.agent_hello(): what an agent has is compared with what the database knows, and the decisions are carried
 * out. */
#ifndef CONTROL_GREETING_H
#define CONTROL_GREETING_H

#include "base/attributes.h"
#include "control/state.h"

/* Greets at most a batch of the agents that wait for it; state->hellos_wait tells whether some are left. Returns an
 * enum database_error. */
int greeting_job(struct state *state) MUST_CHECK;

#endif
