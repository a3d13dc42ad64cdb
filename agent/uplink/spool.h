/* Reports on their way out: on disk before the wire, deleted when a collector has committed them. Bounded by size and
 * age; what has to go goes as whole sweeps, oldest first, is logged and counted. */
#ifndef UPLINK_SPOOL_H
#define UPLINK_SPOOL_H

#include "base/attributes.h"
#include "uplink/database.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool {
    struct database *database;
    int64_t max_bytes;
    int64_t max_age_us;
    int64_t seen_us, aged_us; /* the wall clock when last seen, and the time that reports age by; 0 at first */
};

struct spool_frame {
    uint8_t *bytes;
    size_t len;
};

/* A report as the frames that go on the wire. */
struct spool_report {
    uint64_t sweep_id;
    int64_t at_us; /* the sweep's time stamp */
    struct spool_frame *frames;
    size_t count;
};

struct spool_batch {
    int64_t sequence; /* grows with each batch put in */
    uint64_t sweep_id;
    uint32_t batch;
    struct spool_frame frame;
};

struct spool_stats {
    int64_t depth; /* batches */
    int64_t bytes;
    int64_t oldest_at_us; /* 0 when empty */
    int64_t lost, rejected, corrupt;
};

/* Frees the frames, not the struct. */
void spool_report_clear(struct spool_report *report);

/* Stores all frames or none; one that is there already is left alone. Returns 0 or -errno (-ENOSPC: the disk is full).
 */
int spool_put(struct spool *spool, const struct spool_report *report, int64_t now_us) MUST_CHECK;

/* The first batch with a sequence above `after`. Returns 0 and a frame that the caller frees, -ENOENT when there is
 * none, or -errno. */
int spool_next(struct spool *spool, int64_t after, struct spool_batch *batch) MUST_CHECK;

/* Deletes a batch that a collector has committed, or, `rejected`, will never store. Unknown ones are fine. 0 or -errno.
 */
int spool_settle(struct spool *spool, uint64_t sweep_id, uint32_t batch, bool rejected) MUST_CHECK;

/* Drops what is too old or too much. A clock that is far ahead makes nothing old: between two calls, or since the
 * newest report when it is the first one, at most a day counts. Returns 0 or -errno. */
int spool_trim(struct spool *spool, int64_t now_us) MUST_CHECK;

/* Up to `capacity` sweeps with batches in the spool, oldest first; returns how many. */
size_t spool_sweeps(struct spool *spool, uint64_t *sweep_ids, size_t capacity);
bool spool_holds(struct spool *spool, uint64_t sweep_id);

void spool_get_stats(struct spool *spool, struct spool_stats *stats);

#endif
