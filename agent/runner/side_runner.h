/* Runs the tests beside those of the ports against the real network, where side_test.h meets sockets, and writes what
 * they find into the report. */
#ifndef RUNNER_SIDE_RUNNER_H
#define RUNNER_SIDE_RUNNER_H

#include "base/attributes.h"
#include "proto/report.h"
#include "runner/runner.h"
#include "sweep/plan.h"
#include "sweep/side_test.h"

#include <stdbool.h>

/* Runs one test to its end. Packets leave with the source address of the route to the report's server; a port under
 * test is listened at through raw sockets when the plan is live. *cancelled tells whether the hooks' cancel_fd ended
 * it. Returns 0 or -errno. */
int side_runner_run(const struct plan *plan, const struct runner_hooks *hooks, const struct report *report,
                    struct side_test *test, bool *cancelled) MUST_CHECK;

#endif
