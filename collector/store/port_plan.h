/* What was hoped of the ports of a batch, as text (pure): the same plan is always the same text, so that the database
 * keeps it once. */
#ifndef STORE_PORT_PLAN_H
#define STORE_PORT_PLAN_H

#include "proto/report.h"
#include "store/pg_binary.h"

/* Writes the value, with its length: port_plan.ranges as PostgreSQL writes port_range[]. */
void port_plan_write(struct pg_binary *out, const struct report *report);

#endif
