#include "database/statement.h"

#include "base/clock.h"
#include "database/connection.h"

#include <errno.h>
#include <poll.h>

#define US_PER_MS 1000u

/* Waits until the next PQgetResult would not block; reads while it writes, or both ends may wait for each other. */
static int wait_for_result(struct database *database, uint64_t deadline_us)
{
    for (;;) {
        int unsent = PQflush(database->connection);
        if (unsent < 0 || PQconsumeInput(database->connection) == 0)
            return DATABASE_AWAY;
        if (unsent == 0 && !PQisBusy(database->connection))
            return DATABASE_OK;
        struct pollfd item = {.fd = PQsocket(database->connection),
                              .events = (short)(unsent ? POLLIN | POLLOUT : POLLIN)};
        int left_ms = connection_ms_until(deadline_us, clock_monotonic_us());
        if (left_ms == 0 || (poll(&item, 1, left_ms) < 0 && errno != EINTR))
            return DATABASE_AWAY;
    }
}

static int judge_result(struct database *database, PGresult *result, PGresult **out)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        *out = result;
        return DATABASE_OK;
    }
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    enum database_error error = sqlstate ? database_classify(sqlstate) : DATABASE_AWAY;
    connection_remember(database, PQresultErrorMessage(result));
    PQclear(result);
    if (error == DATABASE_AWAY || PQstatus(database->connection) != CONNECTION_OK)
        return connection_lost(database);
    return error;
}

int database_result(struct database *database, PGresult **out)
{
    if (database->state != DATABASE_UP)
        return DATABASE_AWAY;
    uint64_t deadline_us = clock_monotonic_us() + ((uint64_t)database->config.statement_ms + 1000u) * US_PER_MS;
    PGresult *last = NULL;
    for (;;) {
        if (wait_for_result(database, deadline_us) != DATABASE_OK) {
            PQclear(last);
            return connection_lost(database);
        }
        PGresult *result = PQgetResult(database->connection);
        if (!result)
            break;
        PQclear(last);
        last = result;
    }
    return last ? judge_result(database, last, out) : connection_lost(database);
}

int database_query(struct database *database, const char *sql, int count, const char *const values[], PGresult **out)
{
    if (database->state != DATABASE_UP)
        return DATABASE_AWAY;
    if (!PQsendQueryParams(database->connection, sql, count, NULL, values, NULL, NULL, 0))
        return connection_lost(database);
    return database_result(database, out);
}

const char *database_next_notification(struct database *database)
{
    if (database->notification)
        PQfreemem(database->notification);
    database->notification = database->connection ? PQnotifies(database->connection) : NULL;
    return database->notification ? database->notification->relname : NULL;
}
