#include "dashboard/connection.h"

#include "base/log.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define OPEN_MS 5000u
#define AGE_MAX_MS 600000u /* so that a password that was changed matters soon */
#define GRACE_MS 2000u     /* beyond what PostgreSQL itself stops */
#define US_PER_MS 1000u

/* Three answers of PostgreSQL about whom it has let in. */
static const char vet_sql[] =
    "select r.rolsuper or r.rolbypassrls, coalesce(pg_catalog.pg_has_role(session_user, v.oid, 'member'), false),"
    " exists (select from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace"
    " where n.nspname = 'natsweep' and p.proname = 'dashboard_session')"
    " from pg_catalog.pg_roles r left join pg_catalog.pg_roles v on v.rolname = 'natsweep_viewer'"
    " where r.rolname = session_user";

static uint64_t after_ms(uint64_t now_us, uint64_t ms)
{
    return now_us + ms * US_PER_MS;
}

void connection_close(struct connection *connection)
{
    PQclear(connection->result);
    PQfinish(connection->pg);
    *connection =
        (struct connection){.failure = connection->failure, .reached = connection->reached, .asked = connection->asked};
}

static enum connection_news fail(struct connection *connection, enum failure failure)
{
    struct call *call = connection->call;
    connection->asked = connection->state == CONNECTION_BUSY;
    connection->failure = failure;
    connection_close(connection);
    connection->call = call;
    return CONNECTION_FAILED;
}

/* What stands behind `dbname` cannot be overridden by the connection string. A password file would let in whoever knows
 * a name, and the server's own options must not depend on our environment. */
void connection_open(struct connection *connection, const struct connection_config *config, const char *role,
                     const char *password, uint64_t now_us)
{
    char options[160];
    snprintf(options, sizeof(options),
             "-c statement_timeout=%u -c search_path=pg_catalog -c row_security=on -c timezone=UTC -c datestyle=ISO",
             config->statement_ms);
    const char *const keywords[] = {
        "keepalives_idle", "keepalives_interval", "tcp_user_timeout", "dbname",          "user",    "password",
        "passfile",        "gssencmode",          "application_name", "client_encoding", "options", NULL};
    const char *const values[] = {
        "20",   "5",     "20000", config->dsn, role, password, "/nonexistent/passfile", "disable", "natsweep-dashboard",
        "UTF8", options, NULL};
    connection->pg = PQconnectStartParams(keywords, values, 1);
    connection->state = CONNECTION_OPENING;
    connection->polling = PGRES_POLLING_WRITING; /* as PQconnectPoll's manual demands */
    connection->opened_us = now_us;
    connection->deadline_us = after_ms(now_us, OPEN_MS);
    connection->reached = false;
    if (connection->pg)
        (void)PQsetErrorVerbosity(connection->pg, PQERRORS_SQLSTATE);
}

static void ignore_notice(void *argument, const PGresult *result)
{
    (void)argument;
    (void)result;
}

static void log_failure(const struct connection *connection)
{
    const char *message = PQerrorMessage(connection->pg);
    size_t len = strlen(message);
    while (len > 0 && message[len - 1] == '\n')
        len--;
    /* The lines of several hosts become one. */
    char line[256];
    size_t used = 0;
    for (; used < len && used + 1 < sizeof(line); used++)
        line[used] = message[used] == '\n' || message[used] == '\t' ? ' ' : message[used];
    line[used] = '\0';
    log_warning("database", NULL, "no connection: %s", line);
}

static enum connection_news opening_failed(struct connection *connection)
{
    bool asked = PQconnectionNeedsPassword(connection->pg) || PQconnectionUsedPassword(connection->pg);
    enum failure failure = failure_of_connection(PQerrorMessage(connection->pg));
    if (failure == FAILURE_AWAY && PQconnectionNeedsPassword(connection->pg))
        failure = FAILURE_WRONG_PASSWORD;
    if (failure != FAILURE_WRONG_PASSWORD)
        log_failure(connection);
    connection->reached = asked || failure != FAILURE_AWAY;
    return fail(connection, failure);
}

static enum connection_news vet(struct connection *connection, uint64_t now_us)
{
    connection->reached = true;
    if (!PQconnectionUsedPassword(connection->pg))
        return fail(connection, FAILURE_NO_PASSWORD_ASKED);
    (void)PQsetErrorVerbosity(connection->pg, PQERRORS_DEFAULT);
    (void)PQsetNoticeReceiver(connection->pg, ignore_notice, NULL);
    if (PQsetnonblocking(connection->pg, 1) != 0 || !PQsendQuery(connection->pg, vet_sql))
        return fail(connection, FAILURE_AWAY);
    connection->state = CONNECTION_VETTING;
    connection->deadline_us = after_ms(now_us, OPEN_MS);
    return CONNECTION_NO_NEWS;
}

static bool ready(const struct connection *connection)
{
    struct pollfd item = {.fd = connection_fd(connection), .events = connection_events(connection)};
    return item.fd < 0 || poll(&item, 1, 0) > 0;
}

static enum connection_news go_on_opening(struct connection *connection, uint64_t now_us)
{
    while (connection->pg && ready(connection)) {
        connection->polling = PQconnectPoll(connection->pg);
        if (connection->polling == PGRES_POLLING_OK)
            return vet(connection, now_us);
        if (connection->polling == PGRES_POLLING_FAILED)
            return opening_failed(connection);
    }
    return connection->pg ? CONNECTION_NO_NEWS : fail(connection, FAILURE_MEMORY);
}

static void become_idle(struct connection *connection, const struct connection_config *config, uint64_t now_us)
{
    connection->state = CONNECTION_IDLE;
    connection->deadline_us = after_ms(now_us, config->idle_ms);
    if (connection->deadline_us > after_ms(connection->opened_us, AGE_MAX_MS))
        connection->deadline_us = after_ms(connection->opened_us, AGE_MAX_MS);
}

static enum failure verdict_on(const PGresult *result)
{
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
        return FAILURE_AWAY;
    if (PQgetvalue(result, 0, 0)[0] == 't')
        return FAILURE_TOO_POWERFUL;
    if (PQgetvalue(result, 0, 1)[0] != 't')
        return FAILURE_NO_MEMBER;
    return PQgetvalue(result, 0, 2)[0] == 't' ? FAILURE_NONE : FAILURE_SCHEMA;
}

static enum connection_news finish_vetting(struct connection *connection, const struct connection_config *config,
                                           uint64_t now_us)
{
    enum failure failure = verdict_on(connection->result);
    if (failure != FAILURE_NONE)
        return fail(connection, failure);
    PQclear(connection->result);
    connection->result = NULL;
    become_idle(connection, config, now_us);
    return CONNECTION_OPENED;
}

/* Collects results until PostgreSQL is done with the question; the last one counts. */
static enum connection_news go_on_reading(struct connection *connection, const struct connection_config *config,
                                          uint64_t now_us)
{
    if (PQflush(connection->pg) < 0 || PQconsumeInput(connection->pg) == 0)
        return fail(connection, FAILURE_AWAY);
    while (!PQisBusy(connection->pg)) {
        PGresult *result = PQgetResult(connection->pg);
        if (result) {
            PQclear(connection->result);
            connection->result = result;
            continue;
        }
        if (!connection->result || PQstatus(connection->pg) != CONNECTION_OK)
            return fail(connection, FAILURE_AWAY);
        return connection->state == CONNECTION_VETTING ? finish_vetting(connection, config, now_us)
                                                       : CONNECTION_ANSWERED;
    }
    return CONNECTION_NO_NEWS;
}

/* An idle connection is only read to notice its end. */
static void watch_idle(struct connection *connection, uint64_t now_us)
{
    if (PQconsumeInput(connection->pg) == 0 || PQstatus(connection->pg) != CONNECTION_OK ||
        now_us >= connection->deadline_us)
        connection_close(connection);
}

enum connection_news connection_advance(struct connection *connection, const struct connection_config *config,
                                        uint64_t now_us)
{
    enum connection_news news = CONNECTION_NO_NEWS;
    switch (connection->state) {
    case CONNECTION_CLOSED: return CONNECTION_NO_NEWS;
    case CONNECTION_IDLE: watch_idle(connection, now_us); return CONNECTION_NO_NEWS;
    case CONNECTION_OPENING: news = go_on_opening(connection, now_us); break;
    case CONNECTION_VETTING:
    case CONNECTION_BUSY: news = go_on_reading(connection, config, now_us); break;
    }
    if (news == CONNECTION_NO_NEWS && now_us >= connection->deadline_us)
        return fail(connection, connection->state == CONNECTION_BUSY ? FAILURE_SLOW : FAILURE_AWAY);
    return news;
}

void connection_ask(struct connection *connection, const struct connection_config *config, const char *sql,
                    const char *argument, uint64_t now_us)
{
    const char *const values[] = {argument};
    connection->state = CONNECTION_BUSY;
    connection->deadline_us = after_ms(now_us, config->statement_ms + GRACE_MS);
    /* What cannot be sent shows as a lost connection when it is advanced. */
    (void)PQsendQueryParams(connection->pg, sql, strstr(sql, "$1") ? 1 : 0, NULL, values, NULL, NULL, 0);
}

PGresult *connection_take(struct connection *connection, const struct connection_config *config, uint64_t now_us)
{
    PGresult *result = connection->result;
    connection->result = NULL;
    connection->call = NULL;
    become_idle(connection, config, now_us);
    return result;
}

int connection_fd(const struct connection *connection)
{
    return connection->pg ? PQsocket(connection->pg) : -1;
}

short connection_events(const struct connection *connection)
{
    bool writing = connection->state == CONNECTION_OPENING
                       ? connection->polling == PGRES_POLLING_WRITING
                       : connection->state == CONNECTION_BUSY && PQflush(connection->pg) > 0;
    return writing ? POLLIN | POLLOUT : POLLIN;
}
