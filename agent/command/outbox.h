/* Finished reports on their way into the spool. One that the disk does not take stays in memory and is tried again; its
 * sweep stays marked running in the journal, so that even then a restart reports it, as interrupted. */
#ifndef COMMAND_OUTBOX_H
#define COMMAND_OUTBOX_H

#include "proto/report.h"
#include "uplink/journal.h"
#include "uplink/spool.h"
#include "uplink/uplink.h"

#include <stdbool.h>
#include <stdint.h>

struct outbox {
    struct spool *spool;
    struct journal journal;
    struct spool_report kept; /* count 0: nothing is kept in memory */
    struct uplink_sweep kept_sweep;
    uint64_t retry_us;
};

/* Encodes and stores the report, and marks its sweep finished, in one commit. Only when nothing is kept. */
void outbox_put(struct outbox *outbox, const struct uplink_sweep *sweep, int64_t at_us, const struct report *report,
                uint64_t now_us);

/* Tries again to store what is kept. */
void outbox_retry(struct outbox *outbox, uint64_t now_us);
bool outbox_keeps(const struct outbox *outbox);                    /* something is in memory only: begin no new sweep */
uint64_t outbox_wake_us(const struct outbox *outbox);              /* when to retry; UINT64_MAX = never */
bool outbox_holds(const struct outbox *outbox, uint64_t sweep_id); /* in the spool or kept */

#endif
