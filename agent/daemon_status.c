#include "agent/daemon_status.h"

#include "agent/status_socket.h"

#include <stdio.h>
#include <unistd.h>

static void fill_sweeps(const struct daemon *daemon, struct agent_status *status)
{
    struct sweeps_status sweeps;
    sweeps_get_status(daemon->sweeps, &sweeps);
    status->running_sweep = (int64_t)sweeps.running_id;
    status->ports_done = sweeps.ports_done;
    status->ports_total = sweeps.ports_total;
    status->queued_sweeps = (int64_t)sweeps.queued;
    status->last_sweep = (int64_t)sweeps.last_id;
    status->last_finished_us = sweeps.last_finished_us;
    status->unsaved_reports = sweeps.unsaved;
    const char *outcome = outcome_word(sweeps.last_outcome);
    snprintf(status->last_outcome, sizeof status->last_outcome, "%s", outcome ? outcome : "");
}

static void fill_spool(struct daemon *daemon, struct agent_status *status)
{
    struct spool_stats spool;
    spool_get_stats(&daemon->spool, &spool);
    status->spool_batches = spool.depth;
    status->spool_bytes = spool.bytes;
    status->spool_oldest_us = spool.oldest_at_us;
    status->lost_batches = spool.lost;
    status->rejected_batches = spool.rejected;
    status->corrupt_files = spool.corrupt;
}

void daemon_answer_status(struct daemon *daemon)
{
    struct agent_status status = {.version = NATSWEEP_VERSION, .pid = getpid()};
    struct uplink_status uplink;
    uplink_get_status(daemon->uplink, &uplink);
    snprintf(status.site, sizeof status.site, "%s", daemon->membership.enrolment.site);
    snprintf(status.customer, sizeof status.customer, "%s", daemon->membership.enrolment.customer);
    snprintf(status.state, sizeof status.state, "%s", uplink.state);
    snprintf(status.why, sizeof status.why, "%s", uplink.why);
    snprintf(status.endpoint, sizeof status.endpoint, "%s", uplink.endpoint);
    status.since_us = uplink.since_us;
    status.clock_offset_us = uplink.clock_offset_us;
    fill_sweeps(daemon, &status);
    fill_spool(daemon, &status);
    status_answer(daemon->status_fd, &status);
}
