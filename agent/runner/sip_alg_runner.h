/* Runs the SIP ALG test against the real network, after all ports and into their report: where sip_alg.h meets sockets.
 */
#ifndef RUNNER_SIP_ALG_RUNNER_H
#define RUNNER_SIP_ALG_RUNNER_H

#include "base/attributes.h"
#include "proto/report.h"
#include "runner/runner.h"
#include "sweep/plan.h"

#include <stdbool.h>

/* Fills in what the report says of a SIP ALG; nothing happens when the plan names no echo. Needs plan->live as the UDP
 * run left it, and ends at its ports_until_us. *cancelled tells whether the hooks' cancel_fd ended it. Returns 0, or
 * -errno when nothing could be run: the report is then unchanged. */
int sip_alg_runner_run(const struct plan *plan, const struct runner_hooks *hooks, struct report *report,
                       bool *cancelled) MUST_CHECK;

#endif
