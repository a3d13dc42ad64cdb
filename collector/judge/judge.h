/* Judgement lives in SQL; somebody has to ask for it. */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "base/attributes.h"
#include "database/database.h"

#define JUDGE_TICK_US 1000000u /* how often to ask; of several collectors one does the work */

/* One tick: expiry, leases of dead collectors, lost sweeps, partitions. Returns an enum database_error. */
int judge_tick(struct database *database) MUST_CHECK;

#endif
