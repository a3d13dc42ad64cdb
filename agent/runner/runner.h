/* Runs a plan against the real network, in the calling thread: the UDP ports first, then the TCP ports, then what
 * needs none of the ports, then what the outcome of all is. A stage judges its ports of one report and touches no
 * others. */
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
    /* Called once the sweep holds none of the ports any more and what is left needs none; NULL = nobody waits for them.
     * Not called when the run fails before. */
    void (*ports_free)(void *ports_argument, struct report *report);
    void *ports_argument;
};

/* Sets what only the running host can know (plan->live when `plan->mode` allows it and raw sockets can be had,
 * plan->window, plan->ports_until_us, the silent ports), then sweeps. Returns 0 and a report that the caller frees, or
 * -errno (no memory, no sockets; -EPERM for mode live without CAP_NET_RAW). */
int runner_run(struct plan *plan, const struct runner_hooks *hooks, struct report **out) MUST_CHECK;

#endif
