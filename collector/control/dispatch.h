/* Work from the database to agents: claims, commands sent again, cancels. */
#ifndef CONTROL_DISPATCH_H
#define CONTROL_DISPATCH_H

#include "base/attributes.h"
#include "control/state.h"

/* Claims sweeps for the agents connected here and sends them. All return an enum database_error. */
int dispatch_claim_job(struct state *state) MUST_CHECK;

/* Tells agents what was cancelled. */
int dispatch_cancel_job(struct state *state) MUST_CHECK;

/* Sends commands again that wait for an answer: those of an array literal, or (NULL) all of this collector, for claims
 * whose result was lost in an outage. An agent runs an id only once. */
int dispatch_resend(struct state *state, const char *sweep_ids) MUST_CHECK;

void dispatch_cancel(struct state *state, int64_t agent_id, struct sweep_key key, const char *message);

#endif
