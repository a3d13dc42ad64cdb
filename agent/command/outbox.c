#include "command/outbox.h"

#include "base/clock.h"
#include "base/log.h"
#include "proto/wire.h"
#include "proto/wire_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_US 30000000u

static int encode(const struct report *report, uint64_t sweep_id, int64_t at_us, struct spool_report *out)
{
    size_t count = wire_report_batches(report);
    struct spool_report encoded = {.sweep_id = sweep_id, .at_us = at_us};
    encoded.frames = calloc(count, sizeof *encoded.frames);
    int error = encoded.frames ? WIRE_OK : WIRE_MEMORY;
    while (!error && encoded.count < count) {
        struct spool_frame *frame = &encoded.frames[encoded.count];
        error = wire_encode_report_batch(report, sweep_id, at_us, (uint32_t)encoded.count, &frame->bytes, &frame->len);
        if (!error)
            encoded.count++;
    }
    if (error) {
        spool_report_clear(&encoded);
        return error;
    }
    *out = encoded;
    return 0;
}

/* The report and the end of its sweep in one commit: a crash can neither lose the report nor make it two. */
static int save(struct outbox *outbox)
{
    struct database *database = outbox->spool->database;
    int error = database_begin(database);
    if (error)
        return error;
    error = spool_put(outbox->spool, &outbox->kept, clock_wall_us());
    if (!error)
        error = journal_finish(&outbox->journal, outbox->kept.sweep_id);
    return database_conclude(database, error);
}

void outbox_retry(struct outbox *outbox, uint64_t now_us)
{
    if (!outbox_keeps(outbox))
        return;
    int error = save(outbox);
    if (error) {
        log_error("spool", NULL,
                  "the report of sweep %" PRIu64
                  " cannot be stored; it is kept in memory, and no sweep begins until it can: %s",
                  outbox->kept.sweep_id, strerror(-error));
        outbox->retry_us = now_us + RETRY_US;
        return;
    }
    spool_report_clear(&outbox->kept);
}

void outbox_put(struct outbox *outbox, const struct uplink_sweep *sweep, int64_t at_us, const struct report *report,
                uint64_t now_us)
{
    int error = encode(report, sweep->sweep_id, at_us, &outbox->kept);
    if (error) {
        log_error("sweep", NULL,
                  "the report of sweep %" PRIu64 " cannot be encoded; the next start reports it as interrupted: %s",
                  sweep->sweep_id, wire_error_text(error));
        return;
    }
    outbox->kept_sweep = *sweep;
    outbox_retry(outbox, now_us);
}

bool outbox_keeps(const struct outbox *outbox)
{
    return outbox->kept.count > 0;
}

uint64_t outbox_wake_us(const struct outbox *outbox)
{
    return outbox_keeps(outbox) ? outbox->retry_us : UINT64_MAX;
}

bool outbox_holds(const struct outbox *outbox, uint64_t sweep_id)
{
    return (outbox_keeps(outbox) && outbox->kept.sweep_id == sweep_id) || spool_holds(outbox->spool, sweep_id);
}
