/* Looks at the routers around this host for hints of a second NAT: where double_nat.h meets sockets. From ephemeral
 * ports, a handful of packets, a fraction of a second. */
#ifndef RUNNER_SURROUNDINGS_H
#define RUNNER_SURROUNDINGS_H

#include "proto/report.h"
#include "runner/runner.h"

/* Fills in what the report says of a second NAT. Needs its server and public address. What cannot be asked stays
 * unknown. */
void surroundings_look(const struct runner_hooks *hooks, struct report *report);

#endif
