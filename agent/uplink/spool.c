#include "uplink/spool.h"

#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STEP_MAX_US ((int64_t)86400 * 1000 * 1000)

void spool_report_clear(struct spool_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        free(report->frames[i].bytes);
    free(report->frames);
    *report = (struct spool_report){0};
}

static int find_newest(struct spool *spool, int64_t *stored_at_us)
{
    sqlite3_stmt *statement = database_prepare(spool->database, "select max(stored_at_us) from spool");
    int step = statement ? sqlite3_step(statement) : SQLITE_ERROR;
    if (step == SQLITE_ROW)
        *stored_at_us = sqlite3_column_int64(statement, 0);
    return database_end(spool->database, statement, step);
}

/* What a clock may have moved on by itself: more was a correction, or a machine that was off. */
static int64_t believable_step(int64_t from_us, int64_t to_us)
{
    if (to_us <= from_us)
        return 0;
    return to_us - from_us < STEP_MAX_US ? to_us - from_us : STEP_MAX_US;
}

/* Moves on the time that reports age by. `known_us` is a time that has certainly come: a sweep's own stamp, which is
 * from the database's clock; 0: none. */
static int grow_older(struct spool *spool, int64_t now_us, int64_t known_us)
{
    int64_t newest_us = 0;
    int error = spool->seen_us == 0 ? find_newest(spool, &newest_us) : 0;
    if (error)
        return error;
    if (newest_us < known_us)
        newest_us = known_us;
    if (spool->seen_us > 0)
        spool->aged_us += believable_step(spool->seen_us, now_us);
    else
        spool->aged_us = newest_us > 0 ? newest_us + believable_step(newest_us, now_us) : now_us;
    if (spool->aged_us < known_us)
        spool->aged_us = known_us;
    spool->seen_us = now_us;
    return 0;
}

static int insert(struct spool *spool, const struct spool_report *report, size_t index)
{
    sqlite3_stmt *statement =
        database_prepare(spool->database, "insert into spool (sweep_id, batch, stored_at_us, bytes, frame)"
                                          " values (?, ?, ?, ?, ?) on conflict (sweep_id, batch) do nothing");
    if (!statement)
        return database_end(spool->database, statement, SQLITE_ERROR);
    const struct spool_frame *frame = &report->frames[index];
    sqlite3_bind_int64(statement, 1, (int64_t)report->sweep_id);
    sqlite3_bind_int64(statement, 2, (int64_t)index);
    sqlite3_bind_int64(statement, 3, spool->aged_us);
    sqlite3_bind_int64(statement, 4, (int64_t)frame->len);
    sqlite3_bind_blob64(statement, 5, frame->bytes, frame->len, SQLITE_STATIC);
    return database_end(spool->database, statement, sqlite3_step(statement));
}

static int copy_batch(sqlite3_stmt *statement, struct spool_batch *batch)
{
    size_t len = (size_t)sqlite3_column_bytes(statement, 3);
    uint8_t *bytes = malloc(len ? len : 1);
    if (!bytes)
        return -ENOMEM;
    if (len)
        memcpy(bytes, sqlite3_column_blob(statement, 3), len);
    *batch = (struct spool_batch){.sequence = sqlite3_column_int64(statement, 0),
                                  .sweep_id = (uint64_t)sqlite3_column_int64(statement, 1),
                                  .batch = (uint32_t)sqlite3_column_int64(statement, 2),
                                  .frame = {.bytes = bytes, .len = len}};
    return 0;
}

int spool_next(struct spool *spool, int64_t after, struct spool_batch *batch)
{
    sqlite3_stmt *statement =
        database_prepare(spool->database, "select sequence, sweep_id, batch, frame from spool where sequence > ?"
                                          " order by sequence limit 1");
    if (!statement)
        return database_end(spool->database, statement, SQLITE_ERROR);
    sqlite3_bind_int64(statement, 1, after);
    int step = sqlite3_step(statement);
    int error = step == SQLITE_DONE ? -ENOENT : 0;
    if (step == SQLITE_ROW)
        error = copy_batch(statement, batch);
    int ended = database_end(spool->database, statement, step);
    return error ? error : ended;
}

int spool_settle(struct spool *spool, uint64_t sweep_id, uint32_t batch, bool rejected)
{
    int error = database_begin(spool->database);
    if (error)
        return error;
    int deleted = 0;
    sqlite3_stmt *statement = database_prepare(spool->database, "delete from spool where sweep_id = ? and batch = ?");
    int step = SQLITE_ERROR;
    if (statement) {
        sqlite3_bind_int64(statement, 1, (int64_t)sweep_id);
        sqlite3_bind_int64(statement, 2, (int64_t)batch);
        step = sqlite3_step(statement);
        deleted = sqlite3_changes(sqlite3_db_handle(statement));
    }
    error = database_end(spool->database, statement, step);
    if (!error && rejected && deleted > 0)
        error = database_count(spool->database, COUNTER_REJECTED, deleted);
    return database_conclude(spool->database, error);
}

/* Drops one whole sweep. */
static int drop(struct spool *spool, uint64_t sweep_id, const char *why)
{
    sqlite3_stmt *statement = database_prepare(spool->database, "delete from spool where sweep_id = ?");
    if (!statement)
        return database_end(spool->database, statement, SQLITE_ERROR);
    sqlite3_bind_int64(statement, 1, (int64_t)sweep_id);
    int step = sqlite3_step(statement);
    int dropped = sqlite3_changes(sqlite3_db_handle(statement));
    int error = database_end(spool->database, statement, step);
    if (error)
        return error;
    log_error("spool", NULL, "%d unsent report batches of sweep %llu are lost: %s", dropped,
              (unsigned long long)sweep_id, why);
    return database_count(spool->database, COUNTER_LOST, dropped);
}

struct oldest {
    uint64_t sweep_id;
    int64_t stored_at_us, total_bytes;
};

static int find_oldest(struct spool *spool, struct oldest *oldest)
{
    sqlite3_stmt *statement =
        database_prepare(spool->database, "select sweep_id, stored_at_us, (select sum(bytes) from spool) from spool"
                                          " order by sequence limit 1");
    if (!statement)
        return database_end(spool->database, statement, SQLITE_ERROR);
    int step = sqlite3_step(statement);
    if (step == SQLITE_ROW)
        *oldest = (struct oldest){(uint64_t)sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                                  sqlite3_column_int64(statement, 2)};
    int error = database_end(spool->database, statement, step);
    return error || step == SQLITE_ROW ? error : -ENOENT;
}

static int trim(struct spool *spool)
{
    for (;;) {
        struct oldest oldest = {0};
        int error = find_oldest(spool, &oldest);
        if (error)
            return error == -ENOENT ? 0 : error;
        if (oldest.total_bytes > spool->max_bytes)
            error = drop(spool, oldest.sweep_id, "the spool is full");
        else if (spool->aged_us - oldest.stored_at_us > spool->max_age_us)
            error = drop(spool, oldest.sweep_id, "no collector took them in time");
        else
            return 0;
        if (error)
            return error;
    }
}

int spool_trim(struct spool *spool, int64_t now_us)
{
    int error = database_begin(spool->database);
    if (error)
        return error;
    error = grow_older(spool, now_us, 0);
    if (!error)
        error = trim(spool);
    return database_conclude(spool->database, error);
}

int spool_put(struct spool *spool, const struct spool_report *report, int64_t now_us)
{
    int error = database_begin(spool->database);
    if (error)
        return error;
    error = grow_older(spool, now_us, report->at_us);
    for (size_t i = 0; i < report->count && !error; i++)
        error = insert(spool, report, i);
    if (!error)
        error = trim(spool);
    return database_conclude(spool->database, error);
}

size_t spool_sweeps(struct spool *spool, uint64_t *sweep_ids, size_t capacity)
{
    sqlite3_stmt *statement = database_prepare(
        spool->database, "select sweep_id from spool group by sweep_id order by min(sequence) limit ?");
    int step = SQLITE_ERROR;
    size_t count = 0;
    if (statement) {
        sqlite3_bind_int64(statement, 1, (int64_t)capacity);
        while ((step = sqlite3_step(statement)) == SQLITE_ROW && count < capacity)
            sweep_ids[count++] = (uint64_t)sqlite3_column_int64(statement, 0);
    }
    if (database_end(spool->database, statement, step))
        log_error("spool", NULL, "cannot list the reports that wait");
    return count;
}

bool spool_holds(struct spool *spool, uint64_t sweep_id)
{
    sqlite3_stmt *statement = database_prepare(spool->database, "select 1 from spool where sweep_id = ? limit 1");
    int step = SQLITE_ERROR;
    if (statement) {
        sqlite3_bind_int64(statement, 1, (int64_t)sweep_id);
        step = sqlite3_step(statement);
    }
    return database_end(spool->database, statement, step) == 0 && step == SQLITE_ROW;
}

void spool_get_stats(struct spool *spool, struct spool_stats *stats)
{
    *stats = (struct spool_stats){0};
    sqlite3_stmt *statement = database_prepare(
        spool->database, "select count(*), coalesce(sum(bytes), 0), coalesce(min(stored_at_us), 0) from spool");
    int step = statement ? sqlite3_step(statement) : SQLITE_ERROR;
    if (step == SQLITE_ROW) {
        stats->depth = sqlite3_column_int64(statement, 0);
        stats->bytes = sqlite3_column_int64(statement, 1);
        stats->oldest_at_us = sqlite3_column_int64(statement, 2);
    }
    if (database_end(spool->database, statement, step))
        log_error("spool", NULL, "cannot count the reports that wait");
    stats->lost = database_counted(spool->database, COUNTER_LOST);
    stats->rejected = database_counted(spool->database, COUNTER_REJECTED);
    stats->corrupt = database_counted(spool->database, COUNTER_CORRUPT);
}
