/* What agents did and how they are, written to the database in batches. All return an enum database_error; what could
 * not be written for a passing reason is kept. */
#ifndef CONTROL_LEDGER_H
#define CONTROL_LEDGER_H

#include "base/attributes.h"
#include "control/state.h"

int ledger_events_job(struct state *state) MUST_CHECK;
int ledger_progress_job(struct state *state) MUST_CHECK;
int ledger_seen_job(struct state *state) MUST_CHECK;
int ledger_gone_job(struct state *state) MUST_CHECK;

#endif
