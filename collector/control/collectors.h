/* The directory of the collectors, read from the database and handed to the gateway when it has changed. */
#ifndef CONTROL_COLLECTORS_H
#define CONTROL_COLLECTORS_H

#include "base/attributes.h"
#include "control/state.h"

/* Until the database has answered: this collector alone. */
void collectors_begin(struct state *state);

/* Returns an enum database_error. */
int collectors_job(struct state *state) MUST_CHECK;

#endif
