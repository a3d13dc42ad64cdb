/* Runs a plan against the real network, in the calling thread: the UDP ports first, then the TCP ports, then what the
 * outcome of all is. A stage judges its ports of one report and touches no others. */
#ifndef RUNNER_RUNNER_H
#define RUNNER_RUNNER_H

#include "base/attributes.h"
#include "proto/report.h"
#include "sweep/plan.h"
#include "sweep/sweep.h"

struct runner_hooks {
    /* Called a few times a second; NULL = nobody wants to know. */
    void (*progress)(void *argument, const struct sweep_progress *progress);
    void *argument;
    int cancel_fd; /* readable = cancel; -1 = cannot be cancelled */
};

/* Sets what only the running host can know (plan->live when `plan->mode` allows it and raw sockets can be had,
 * plan->window, the silent ports), then sweeps. Returns 0 and a report that the caller frees, or -errno (no memory, no
 * sockets; -EPERM for mode live without CAP_NET_RAW). */
int runner_run(struct plan *plan, const struct runner_hooks *hooks, struct report **out) MUST_CHECK;

#endif
