/* What a running daemon tells about itself: lines of "name value", one writer and one reader from one table, printed as
 * text or JSON. */
#ifndef AGENT_STATUS_H
#define AGENT_STATUS_H

#include "base/attributes.h"

#include <stdint.h>
#include <stdio.h>

#define STATUS_TEXT_BYTES 300

struct agent_status {
    char version[32];
    int64_t pid;
    char site[STATUS_TEXT_BYTES], customer[STATUS_TEXT_BYTES];
    char state[32];              /* of the session */
    char why[STATUS_TEXT_BYTES]; /* the end of a sentence that explains it */
    char endpoint[STATUS_TEXT_BYTES];
    int64_t since_us;                                              /* wall clock, like all times here; 0 = never */
    int64_t clock_offset_us;                                       /* the collector's clock minus ours */
    int64_t running_sweep, ports_done, ports_total, queued_sweeps; /* ids: 0 = none */
    int64_t last_sweep, last_finished_us;
    char last_outcome[32];
    int64_t spool_batches, spool_bytes, spool_oldest_us;
    int64_t lost_batches, rejected_batches, corrupt_files;
    int64_t unsaved_reports; /* in memory, because the disk does not take them */
};

void status_write(const struct agent_status *status, FILE *out);
/* Lines it does not know are skipped: they are a newer daemon's. Returns 0, or -EPROTO when it is no status at all. */
int status_read(FILE *in, struct agent_status *status) MUST_CHECK;

void status_print_json(const struct agent_status *status, FILE *out);
void status_print_text(const struct agent_status *status, FILE *out);

#endif
