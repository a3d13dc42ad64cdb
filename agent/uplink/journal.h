/* Which sweeps this agent has begun: marked running on disk before they run, so that no id ever runs twice and a crash
 * while running is found and reported at the next start. */
#ifndef UPLINK_JOURNAL_H
#define UPLINK_JOURNAL_H

#include "base/attributes.h"
#include "uplink/database.h"

#include <stddef.h>
#include <stdint.h>

struct journal {
    struct database *database;
};

enum journal_state { JOURNAL_UNKNOWN = 0, JOURNAL_RUNNING = 1, JOURNAL_FINISHED = 2 };

struct journal_entry {
    uint64_t sweep_id;
    int64_t at_us;
    uint8_t *command; /* as given to journal_start */
    size_t command_len;
};

/* Marks a sweep running. `command` is kept until it finishes. Returns 0, -EEXIST when the id was begun before, or
 * -errno. */
int journal_start(struct journal *journal, const struct journal_entry *entry) MUST_CHECK;
int journal_finish(struct journal *journal, uint64_t sweep_id) MUST_CHECK; /* 0 or -errno */

/* Returns an enum journal_state or -errno. */
int journal_state(struct journal *journal, uint64_t sweep_id) MUST_CHECK;

/* Some sweep that is marked running: at the start of the agent, one that a crash cut off. Returns 0 and an entry whose
 * command the caller frees, -ENOENT when there is none, or -errno. */
int journal_running(struct journal *journal, struct journal_entry *entry) MUST_CHECK;

/* Forgets finished sweeps stamped more than `keep_us` before the newest. The stamps are the database's, so a wrong
 * clock on this host forgets nothing. Returns 0 or -errno. */
int journal_prune(struct journal *journal, int64_t keep_us) MUST_CHECK;

#endif
