/* The agent's one SQLite file, which spool and journal share so that a report is stored and its sweep marked finished
 * in one transaction. Every commit is on disk before it returns. A corrupt file is moved aside to PATH.corrupt,
 * counted, and a new one begun: the agent goes on. One thread. */
#ifndef UPLINK_DATABASE_H
#define UPLINK_DATABASE_H

#include "base/attributes.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct database;

/* Numbers that outlive restarts. */
enum database_counter {
    COUNTER_LOST = 1, /* report batches dropped unsent: too old, no room, corrupt file */
    COUNTER_REJECTED, /* report batches that a collector will never store */
    COUNTER_CORRUPT   /* files moved aside */
};

/* Opens or creates the file. Returns 0 or -errno. */
int database_open(const char *path, struct database **out) MUST_CHECK;
void database_close(struct database *database); /* NULL is fine */

/* Transactions nest; only the outermost end writes. Returns 0 or -errno (-ENOSPC: the disk is full). */
int database_begin(struct database *database) MUST_CHECK;
/* Commits when all went well, that is when `error` is 0; otherwise nothing of the transaction remains. Returns `error`,
 * or what went wrong now. */
int database_conclude(struct database *database, int error) MUST_CHECK;
void database_rollback(struct database *database);

/* A statement for use by spool and journal; NULL when it cannot be had, and database_end then gives the error. */
sqlite3_stmt *database_prepare(struct database *database, const char *sql);
/* Finalizes `statement` (NULL is fine), given what its last step returned. Returns 0 or -errno; corruption is noted and
 * repaired at the next database_begin or database_prepare outside a transaction. */
int database_end(struct database *database, sqlite3_stmt *statement, int step) MUST_CHECK;

int database_count(struct database *database, enum database_counter counter, int64_t more) MUST_CHECK; /* 0 or -errno */
int64_t database_counted(struct database *database, enum database_counter counter); /* 0 when it cannot be read */

/* Gives back memory that only a busy moment needed. */
void database_rest(struct database *database);

#endif
