/* A command that was accepted and is not yet finished: the job to run and the record that says of it, should the agent
 * die, what was cut off. */
#ifndef COMMAND_ENTRY_H
#define COMMAND_ENTRY_H

#include "base/attributes.h"
#include "base/list.h"
#include "command/job.h"
#include "proto/report.h"
#include "proto/wire.h"
#include "uplink/journal.h"
#include "uplink/uplink.h"

#include <stdbool.h>
#include <stdint.h>

struct entry {
    struct list link; /* in the queue, in the order of the commands */
    struct uplink_sweep sweep;
    uint64_t expires_us;         /* monotonic: not to be started later */
    struct journal_entry record; /* of the command, without its password: nobody needs it to say what was cut off */
    struct job *job;             /* empty; the sweeper's once it runs */
    bool announced;              /* the present session was told that it runs */
};

/* NULL when memory is short. */
struct entry *entry_make(const struct uplink_sweep *sweep, const Natsweep__StartSweep *command,
                         uint64_t now_us) MUST_CHECK;
void entry_free(struct entry *entry); /* NULL is fine */

/* The report, outcome interrupted, of a sweep that was begun and can have no result of its own; with no ports when the
 * record is damaged. The caller frees it; NULL when memory is short. */
struct report *entry_interrupted(const struct journal_entry *record, const char *why) MUST_CHECK;

#endif
