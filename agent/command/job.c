#include "command/job.h"

#include "base/clock.h"
#include "base/log.h"
#include "runner/exclusive.h"
#include "runner/untested.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RESOLVE_MS 10000 /* a name; the C library's own patience is shorter for a dead name server, longer for two */

static struct report *not_run(const struct job *job, enum reason reason, const char *message)
{
    enum outcome outcome = reason == REASON_CANCELLED ? OUTCOME_CANCELLED : OUTCOME_NOT_RUN;
    return untested_report(&job->plan.ports, job->plan.family, outcome, reason, message);
}

struct report *job_run(struct job *job, const struct runner_hooks *hooks)
{
    char message[REPORT_MESSAGE_BYTES];
    int error = servers_resolve(&job->servers, &job->plan, RESOLVE_MS, hooks->cancel_fd, message);
    if (error)
        return not_run(job, error == -ECANCELED ? REASON_CANCELLED : REASON_NEVER_REACHED, message);
    struct report *report = NULL;
    job->plan.started_at_us = clock_wall_us();
    error = exclusive_run(job->pbx, &job->plan, hooks, &report);
    if (!error)
        return report;
    snprintf(message, sizeof message, "the sweep could not run: %s",
             error == -EPERM ? "mode live needs CAP_NET_RAW, which this agent lacks" : strerror(-error));
    log_error("sweep", NULL, "%s", message);
    return not_run(job, REASON_LOCAL_ERROR, message);
}
