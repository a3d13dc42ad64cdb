#include "uplink/journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int journal_start(struct journal *journal, const struct journal_entry *entry)
{
    sqlite3_stmt *statement = database_prepare(
        journal->database, "insert into journal (sweep_id, state, at_us, command) values (?, 1, ?, ?)");
    if (!statement)
        return database_end(journal->database, statement, SQLITE_ERROR);
    sqlite3_bind_int64(statement, 1, (int64_t)entry->sweep_id);
    sqlite3_bind_int64(statement, 2, entry->at_us);
    sqlite3_bind_blob64(statement, 3, entry->command, entry->command_len, SQLITE_STATIC);
    return database_end(journal->database, statement, sqlite3_step(statement));
}

int journal_finish(struct journal *journal, uint64_t sweep_id)
{
    sqlite3_stmt *statement =
        database_prepare(journal->database, "update journal set state = 2, command = null where sweep_id = ?");
    if (!statement)
        return database_end(journal->database, statement, SQLITE_ERROR);
    sqlite3_bind_int64(statement, 1, (int64_t)sweep_id);
    return database_end(journal->database, statement, sqlite3_step(statement));
}

int journal_state(struct journal *journal, uint64_t sweep_id)
{
    sqlite3_stmt *statement = database_prepare(journal->database, "select state from journal where sweep_id = ?");
    if (!statement)
        return database_end(journal->database, statement, SQLITE_ERROR);
    sqlite3_bind_int64(statement, 1, (int64_t)sweep_id);
    int step = sqlite3_step(statement);
    int state = step == SQLITE_ROW ? sqlite3_column_int(statement, 0) : JOURNAL_UNKNOWN;
    int error = database_end(journal->database, statement, step);
    return error ? error : state;
}

static int copy_entry(sqlite3_stmt *statement, struct journal_entry *entry)
{
    size_t len = (size_t)sqlite3_column_bytes(statement, 2);
    uint8_t *command = malloc(len ? len : 1);
    if (!command)
        return -ENOMEM;
    if (len)
        memcpy(command, sqlite3_column_blob(statement, 2), len);
    *entry = (struct journal_entry){.sweep_id = (uint64_t)sqlite3_column_int64(statement, 0),
                                    .at_us = sqlite3_column_int64(statement, 1),
                                    .command = command,
                                    .command_len = len};
    return 0;
}

int journal_running(struct journal *journal, struct journal_entry *entry)
{
    sqlite3_stmt *statement =
        database_prepare(journal->database, "select sweep_id, at_us, command from journal where state = 1 limit 1");
    if (!statement)
        return database_end(journal->database, statement, SQLITE_ERROR);
    int step = sqlite3_step(statement);
    int error = step == SQLITE_DONE ? -ENOENT : 0;
    if (step == SQLITE_ROW)
        error = copy_entry(statement, entry);
    int ended = database_end(journal->database, statement, step);
    return error ? error : ended;
}

int journal_prune(struct journal *journal, int64_t keep_us)
{
    sqlite3_stmt *statement = database_prepare(
        journal->database, "delete from journal where state = 2 and at_us < (select max(at_us) from journal) - ?"
                           " and not exists (select 1 from spool where spool.sweep_id = journal.sweep_id)");
    if (!statement)
        return database_end(journal->database, statement, SQLITE_ERROR);
    sqlite3_bind_int64(statement, 1, keep_us);
    return database_end(journal->database, statement, sqlite3_step(statement));
}
