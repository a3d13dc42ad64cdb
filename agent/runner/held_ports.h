/* Ports that a program held while they were tested live: the report names it, so that an operator sees which of them
 * the PBX serves. */
#ifndef RUNNER_HELD_PORTS_H
#define RUNNER_HELD_PORTS_H

#include "net/port_owner.h"
#include "proto/report.h"

/* Gives the report's live ports of `transport` the owners of the table (NULL = unknown); a holder without a name is
 * left out. */
void held_ports_name(const struct port_owner_table *owners, enum transport transport, struct report *report);

#endif
