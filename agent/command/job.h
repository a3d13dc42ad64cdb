/* A sweep to make, from the command that asks for it to the report that comes of it. */
#ifndef COMMAND_JOB_H
#define COMMAND_JOB_H

#include "base/attributes.h"
#include "pbx/config.h"
#include "proto/report.h"
#include "runner/runner.h"
#include "runner/servers.h"
#include "sweep/plan.h"

struct job {
    struct plan plan; /* but for the servers' addresses, which are looked up when it runs */
    struct server_names servers;
    const struct pbx_config *pbx; /* what mode exclusive stops; NULL = nothing */
};

/* Looks up the servers and runs the plan. What keeps it from running becomes a report that says so. The caller frees
 * the report; NULL when memory is short. */
struct report *job_run(struct job *job, const struct runner_hooks *hooks) MUST_CHECK;

#endif
