/* Sweeps the UDP ports of a plan: where sweep.h meets sockets and clocks. One epoll loop. */
#ifndef RUNNER_UDP_RUNNER_H
#define RUNNER_UDP_RUNNER_H

#include "base/attributes.h"
#include "proto/report.h"
#include "runner/runner.h"
#include "sweep/outcome.h"
#include "sweep/plan.h"

/* As runner_run; the report's TCP ports are not tested. *end tells what ended it. */
int udp_runner_run(struct plan *plan, const struct runner_hooks *hooks, struct report **out,
                   enum sweep_end *end) MUST_CHECK;

#endif
