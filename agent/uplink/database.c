#include "uplink/database.h"

#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_MS 2000 /* another process, such as a backup, reads the file */

struct database {
    sqlite3 *handle;
    char path[PATH_MAX - 16];
    int depth; /* of nested transactions */
    bool corrupt;
    int64_t carried[COUNTER_CORRUPT + 1]; /* counters on their way from a corrupt file into the new one */
};

/* FULL with a truncated journal: both files are synced before a commit returns. The caches stay small: the spool is
 * read in order, once. */
static const char configuration[] = "pragma locking_mode=exclusive;"
                                    "pragma journal_mode=truncate;"
                                    "pragma synchronous=full;"
                                    "pragma cache_size=-32;"
                                    "pragma auto_vacuum=incremental;";

static const char schema[] =
    "create table if not exists spool (sequence integer primary key autoincrement, sweep_id integer not null,"
    " batch integer not null, stored_at_us integer not null, bytes integer not null, frame blob not null,"
    " unique (sweep_id, batch));"
    "create table if not exists journal (sweep_id integer primary key, state integer not null, at_us integer not null,"
    " command blob);"
    "create table if not exists counter (id integer primary key, value integer not null);";

/* What corruption looks like; anything else is the disk's or the caller's trouble. */
static bool means_corrupt(int code)
{
    int primary = code & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

static int error_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return 0;
    case SQLITE_FULL: return -ENOSPC;
    case SQLITE_NOMEM: return -ENOMEM;
    case SQLITE_PERM:
    case SQLITE_AUTH: return -EACCES;
    case SQLITE_READONLY: return -EROFS;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return -EBUSY;
    case SQLITE_CONSTRAINT: return -EEXIST;
    case SQLITE_CANTOPEN: return -ENOENT;
    default: return -EIO;
    }
}

static int note(struct database *database, int code)
{
    if (means_corrupt(code))
        database->corrupt = true;
    return error_of(code);
}

static int execute(struct database *database, const char *sql)
{
    return note(database, sqlite3_exec(database->handle, sql, NULL, NULL, NULL));
}

static int quick_check(struct database *database)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database->handle, "pragma quick_check(1)", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0)
        code = SQLITE_CORRUPT;
    sqlite3_finalize(statement);
    return note(database, code);
}

static int open_file(struct database *database)
{
    database->corrupt = false;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(database->path, &database->handle, flags, NULL);
    if (code != SQLITE_OK)
        return note(database, code);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0);
    sqlite3_busy_timeout(database->handle, BUSY_MS);
    int error = execute(database, configuration);
    if (!error)
        error = quick_check(database);
    return error ? error : execute(database, schema);
}

/* The single integer that `sql` selects. Returns 0 or -errno. */
static int read_number(struct database *database, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return note(database, code);
}

/* A number out of a broken file, if it still gives one. */
static int64_t salvage(struct database *database, const char *sql)
{
    int64_t number = 0;
    return read_number(database, sql, &number) == 0 ? number : 0;
}

static void move_aside(const struct database *database)
{
    char other[PATH_MAX], journal[PATH_MAX];
    snprintf(other, sizeof other, "%s.corrupt", database->path);
    snprintf(journal, sizeof journal, "%s-journal", database->path);
    if (rename(database->path, other) != 0)
        unlink(database->path);
    unlink(journal);
    log_error("spool", NULL, "the file %s is corrupt; it is kept as %s and a new one begun", database->path, other);
}

static void retire(struct database *database)
{
    int64_t depth = salvage(database, "select count(*) from spool");
    for (int i = COUNTER_LOST; i <= COUNTER_CORRUPT; i++)
        database->carried[i] += database_counted(database, (enum database_counter)i);
    database->carried[COUNTER_LOST] += depth;
    database->carried[COUNTER_CORRUPT]++;
    sqlite3_close(database->handle);
    database->handle = NULL;
    move_aside(database);
    if (depth > 0)
        log_error("spool", NULL, "%lld unsent report batches are lost with it", (long long)depth);
}

static int carry_counters(struct database *database)
{
    int error = 0;
    for (int i = COUNTER_LOST; i <= COUNTER_CORRUPT && !error; i++) {
        error = database_count(database, (enum database_counter)i, database->carried[i]);
        if (!error)
            database->carried[i] = 0;
    }
    return error;
}

/* Begins a new file with the counters of the old one; tried again at the next use when it fails. */
static int replace_corrupt(struct database *database)
{
    if (database->handle)
        retire(database);
    int error = open_file(database);
    if (!error)
        return carry_counters(database);
    sqlite3_close(database->handle);
    database->handle = NULL;
    database->corrupt = true;
    return error;
}

static int ready(struct database *database)
{
    if (!database->corrupt || database->depth > 0)
        return 0;
    return replace_corrupt(database);
}

int database_open(const char *path, struct database **out)
{
    struct database *database = calloc(1, sizeof *database);
    if (!database)
        return -ENOMEM;
    int error = -ENAMETOOLONG;
    if ((size_t)snprintf(database->path, sizeof database->path, "%s", path) < sizeof database->path)
        error = open_file(database);
    if (error && database->corrupt)
        error = replace_corrupt(database);
    if (error) {
        database_close(database);
        return error;
    }
    *out = database;
    return 0;
}

void database_close(struct database *database)
{
    if (!database)
        return;
    sqlite3_close(database->handle);
    free(database);
}

int database_begin(struct database *database)
{
    int error = ready(database);
    if (!error && database->depth == 0)
        error = execute(database, "begin immediate");
    if (!error)
        database->depth++;
    return error;
}

int database_conclude(struct database *database, int error)
{
    if (!error && database->depth > 1) {
        database->depth--;
        return 0;
    }
    if (!error)
        error = execute(database, "commit");
    if (error)
        database_rollback(database);
    database->depth = 0;
    return error;
}

void database_rollback(struct database *database)
{
    database->depth = 0;
    if (database->handle && !sqlite3_get_autocommit(database->handle) && execute(database, "rollback"))
        log_error("spool", NULL, "cannot roll back: %s", sqlite3_errmsg(database->handle));
}

sqlite3_stmt *database_prepare(struct database *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (ready(database))
        return NULL;
    return note(database, sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL)) ? NULL : statement;
}

int database_end(struct database *database, sqlite3_stmt *statement, int step)
{
    if (!statement) {
        int error = database->handle ? error_of(sqlite3_errcode(database->handle)) : -EIO;
        return error ? error : -EIO;
    }
    sqlite3_finalize(statement);
    return note(database, step);
}

int database_count(struct database *database, enum database_counter counter, int64_t more)
{
    sqlite3_stmt *statement = database_prepare(database, "insert into counter values (?1, ?2)"
                                                         " on conflict (id) do update set value = value + ?2");
    if (!statement)
        return database_end(database, statement, SQLITE_ERROR);
    sqlite3_bind_int(statement, 1, (int)counter);
    sqlite3_bind_int64(statement, 2, more);
    return database_end(database, statement, sqlite3_step(statement));
}

int64_t database_counted(struct database *database, enum database_counter counter)
{
    char sql[64];
    int64_t value = 0;
    snprintf(sql, sizeof sql, "select value from counter where id = %d", (int)counter);
    return read_number(database, sql, &value) == 0 ? value : 0;
}

void database_rest(struct database *database)
{
    if (database->depth > 0 || ready(database) || execute(database, "pragma incremental_vacuum"))
        return;
    sqlite3_db_release_memory(database->handle);
}
