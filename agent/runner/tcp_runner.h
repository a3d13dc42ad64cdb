/* Runs the TCP ports of a plan against the real network, after the UDP ones and into their report: where tcp_sweep.h
 * meets sockets. */
#ifndef RUNNER_TCP_RUNNER_H
#define RUNNER_TCP_RUNNER_H

#include "base/attributes.h"
#include "proto/report.h"
#include "runner/runner.h"
#include "sweep/plan.h"

#include <stdbool.h>

/* Judges the report's TCP ports. Needs plan->live as the UDP run left it. *cancelled tells whether the hooks' cancel_fd
 * ended it, *answered whether the server spoke over TCP. Returns 0, or -errno when it could not be run, or not to its
 * end: what is not known by then is not tested or inconclusive. */
int tcp_runner_run(const struct plan *plan, const struct address *server, const struct runner_hooks *hooks,
                   struct report *report, bool *cancelled, bool *answered) MUST_CHECK;

#endif
