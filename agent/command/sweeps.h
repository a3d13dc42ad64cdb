/* The sweeps this agent was told to make: a bounded queue, the one that runs, and what becomes of each. Every command
 * ends in one of: a refusal, a report in the spool, or a line in the journal that the next start turns into a report.
 * Main thread only. */
#ifndef COMMAND_SWEEPS_H
#define COMMAND_SWEEPS_H

#include "base/attributes.h"
#include "command/answer.h"
#include "command/policy.h"
#include "command/sweeper.h"
#include "proto/wire.h"
#include "uplink/database.h"
#include "uplink/uplink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sweeps;

struct sweeps_config {
    const struct policy *policy;
    struct sweeper *sweeper;
    struct spool *spool; /* the journal lives in its database */
    size_t queue_length;
    struct answer_channel channel;
};

struct sweeps_status {
    uint64_t running_id, last_id; /* 0 = none */
    uint32_t ports_done, ports_total;
    size_t queued;
    uint8_t last_outcome;     /* enum outcome */
    int64_t last_finished_us; /* wall clock */
    bool unsaved;             /* a report is in memory only: the disk does not take it */
};

/* Copies `config`, whose pointers must outlive the sweeps. NULL when memory is short. */
struct sweeps *sweeps_create(const struct sweeps_config *config) MUST_CHECK;
void sweeps_destroy(struct sweeps *sweeps); /* NULL is fine */

/* Turns sweeps that a crash cut off into reports of outcome interrupted. Call once at the start. */
void sweeps_recover(struct sweeps *sweeps);

/* A new session: the running sweep will be announced to it. */
void sweeps_online(struct sweeps *sweeps);
void sweeps_command(struct sweeps *sweeps, const Natsweep__StartSweep *command, uint64_t now_us);
void sweeps_cancel(struct sweeps *sweeps, const Natsweep__Cancel *cancel);
/* As uplink_hooks.sweeps. */
size_t sweeps_list(const struct sweeps *sweeps, struct uplink_sweep *out, size_t capacity);

/* Does all that is due: to be called after each poll. */
void sweeps_handle(struct sweeps *sweeps, uint64_t now_us);
uint64_t sweeps_wake_us(const struct sweeps *sweeps); /* UINT64_MAX = nothing is due by itself */

/* Cuts the running sweep short, waits for it, and puts its report, outcome interrupted, into the spool. */
void sweeps_stop(struct sweeps *sweeps, uint64_t now_us);

void sweeps_get_status(const struct sweeps *sweeps, struct sweeps_status *status);

#endif
