#include "database/database.h"

#include "base/backoff.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "database/host_list.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 5000u
#define STATEMENT_MS 30000u
#define BACKOFF_BASE_MS 250u
#define BACKOFF_MAX_MS 10000u
#define MESSAGE_BYTES 512
#define US_PER_MS 1000u

struct database {
    struct database_config config;
    PGconn *connection;
    enum database_state state;
    PostgresPollingStatusType polling; /* while connecting: what PQconnectPoll waits for */
    struct backoff backoff;
    uint64_t wake_us; /* down: the next attempt; connecting: the deadline of this host */
    size_t next_host;
    bool outage_logged;
    PGnotify *notification;
    char message[MESSAGE_BYTES];
};

static uint32_t or_default(uint32_t value, uint32_t fallback)
{
    return value ? value : fallback;
}

struct database *database_create(const struct database_config *config)
{
    struct database *database = calloc(1, sizeof(*database));
    if (!database)
        return NULL;
    database->config = *config;
    database->config.connect_ms = or_default(config->connect_ms, CONNECT_MS);
    database->config.statement_ms = or_default(config->statement_ms, STATEMENT_MS);
    database->backoff = backoff_make(BACKOFF_BASE_MS, or_default(config->backoff_max_ms, BACKOFF_MAX_MS));
    return database;
}

static void drop_connection(struct database *database)
{
    if (database->notification)
        PQfreemem(database->notification);
    database->notification = NULL;
    PQfinish(database->connection);
    database->connection = NULL;
    database->state = DATABASE_DOWN;
}

void database_destroy(struct database *database)
{
    if (!database)
        return;
    drop_connection(database);
    free(database);
}

/* libpq's messages have several lines and end in a newline; a log line has one. */
static void remember_message(struct database *database, const char *text)
{
    size_t len = 0;
    for (; *text && len + 1 < sizeof(database->message); text++) {
        bool space = *text == '\n' || *text == '\r' || *text == '\t';
        if (space && (len == 0 || database->message[len - 1] == ' '))
            continue;
        database->message[len++] = space ? ' ' : *text;
    }
    while (len > 0 && database->message[len - 1] == ' ')
        len--;
    database->message[len] = '\0';
}

const char *database_message(const struct database *database)
{
    return database->message;
}

/* The one place where an attempt or a connection ends. Back-off begins only after every host had its turn. */
static void went_down(struct database *database, uint64_t now_us)
{
    drop_connection(database);
    if (!database->outage_logged)
        log_warning("database", database->config.name, "PostgreSQL is away, trying again: %s", database->message);
    database->outage_logged = true;
    database->wake_us = now_us;
    if (database->next_host == 0)
        database->wake_us += (uint64_t)backoff_next_ms(&database->backoff, random_u64()) * US_PER_MS;
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

/* What stands before `dbname` can be overridden by the connection string, what stands behind it cannot. */
static PGconn *start_connection(const struct database *database, const struct host_choice *host)
{
    char options[64];
    snprintf(options, sizeof(options), "-c statement_timeout=%u", database->config.statement_ms);
    const char *const keywords[] = {"keepalives_idle",
                                    "keepalives_interval",
                                    "keepalives_count",
                                    "tcp_user_timeout",
                                    "target_session_attrs",
                                    "application_name",
                                    "options",
                                    "client_encoding",
                                    "dbname",
                                    "host",
                                    "hostaddr",
                                    "port",
                                    NULL};
    const char *const values[] = {"20",
                                  "5",
                                  "3",
                                  "20000",
                                  "read-write",
                                  database->config.name,
                                  options,
                                  "UTF8",
                                  database->config.dsn,
                                  or_null(host->host),
                                  or_null(host->hostaddr),
                                  or_null(host->port),
                                  NULL};
    return PQconnectStartParams(keywords, values, 1);
}

static void begin_connecting(struct database *database, uint64_t now_us)
{
    struct host_choice host = {0};
    size_t number = database->next_host;
    database->next_host = (number + 1) % host_list_count(database->config.dsn);
    /* A string that cannot be parsed is handed on as it is: libpq says best what is wrong with it. */
    if (host_list_choose(database->config.dsn, number, &host) != 0)
        host = (struct host_choice){0};
    database->connection = start_connection(database, &host);
    if (!database->connection || PQstatus(database->connection) == CONNECTION_BAD) {
        remember_message(database, database->connection ? PQerrorMessage(database->connection) : "out of memory");
        went_down(database, now_us);
        return;
    }
    database->state = DATABASE_CONNECTING;
    database->polling = PGRES_POLLING_WRITING; /* as PQconnectPoll's manual demands */
    database->wake_us = now_us + (uint64_t)database->config.connect_ms * US_PER_MS;
}

static void came_up(struct database *database)
{
    if (PQsetnonblocking(database->connection, 1) != 0) {
        remember_message(database, PQerrorMessage(database->connection));
        went_down(database, clock_monotonic_us());
        return;
    }
    database->state = DATABASE_UP;
    database->next_host = 0;
    backoff_reset(&database->backoff);
    if (database->outage_logged)
        log_info("database", database->config.name, "PostgreSQL is back");
    database->outage_logged = false;
}

static bool fd_is_ready(const struct database *database)
{
    struct pollfd item = {.fd = database_fd(database), .events = database_events(database)};
    return item.fd < 0 || poll(&item, 1, 0) > 0;
}

static void continue_connecting(struct database *database, uint64_t now_us)
{
    while (database->state == DATABASE_CONNECTING && fd_is_ready(database)) {
        database->polling = PQconnectPoll(database->connection);
        if (database->polling == PGRES_POLLING_OK) {
            came_up(database);
            return;
        }
        if (database->polling == PGRES_POLLING_FAILED) {
            remember_message(database, PQerrorMessage(database->connection));
            went_down(database, now_us);
            return;
        }
    }
    if (now_us < database->wake_us)
        return;
    snprintf(database->message, sizeof(database->message), "no answer within %u ms", database->config.connect_ms);
    went_down(database, now_us);
}

/* An idle connection is only read for notices; that is also how its end is noticed. */
static void check_connection(struct database *database, uint64_t now_us)
{
    if (PQconsumeInput(database->connection) == 1 && PQstatus(database->connection) == CONNECTION_OK)
        return;
    remember_message(database, PQerrorMessage(database->connection));
    went_down(database, now_us);
}

enum database_state database_advance(struct database *database, uint64_t now_us)
{
    if (database->state == DATABASE_UP)
        check_connection(database, now_us);
    if (database->state == DATABASE_DOWN && now_us >= database->wake_us)
        begin_connecting(database, now_us);
    if (database->state == DATABASE_CONNECTING)
        continue_connecting(database, now_us);
    return database->state;
}

int database_fd(const struct database *database)
{
    return database->connection ? PQsocket(database->connection) : -1;
}

short database_events(const struct database *database)
{
    bool writing = database->state == DATABASE_CONNECTING && database->polling == PGRES_POLLING_WRITING;
    return writing ? POLLOUT : POLLIN;
}

uint64_t database_wake_us(const struct database *database)
{
    return database->state == DATABASE_UP ? UINT64_MAX : database->wake_us;
}

static int ms_until(uint64_t deadline_us, uint64_t now_us)
{
    if (deadline_us <= now_us)
        return 0;
    uint64_t left_ms = (deadline_us - now_us) / US_PER_MS + 1;
    return left_ms > 60000 ? 60000 : (int)left_ms;
}

enum database_state database_wait(struct database *database, uint64_t deadline_us)
{
    for (;;) {
        uint64_t now_us = clock_monotonic_us();
        if (database_advance(database, now_us) == DATABASE_UP || now_us >= deadline_us)
            return database->state;
        uint64_t wake_us = database_wake_us(database) < deadline_us ? database_wake_us(database) : deadline_us;
        struct pollfd item = {.fd = database_fd(database), .events = database_events(database)};
        (void)poll(&item, 1, ms_until(wake_us, now_us));
    }
}

PGconn *database_connection(struct database *database)
{
    return database->state == DATABASE_UP ? database->connection : NULL;
}

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
        int left_ms = ms_until(deadline_us, clock_monotonic_us());
        if (left_ms == 0 || (poll(&item, 1, left_ms) < 0 && errno != EINTR))
            return DATABASE_AWAY;
    }
}

static int lost_connection(struct database *database)
{
    const char *why = PQerrorMessage(database->connection);
    remember_message(database, why[0] ? why : "no answer to a statement in time");
    database->next_host = 0;
    went_down(database, clock_monotonic_us());
    return DATABASE_AWAY;
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
    remember_message(database, PQresultErrorMessage(result));
    PQclear(result);
    if (error == DATABASE_AWAY || PQstatus(database->connection) != CONNECTION_OK)
        return lost_connection(database);
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
            return lost_connection(database);
        }
        PGresult *result = PQgetResult(database->connection);
        if (!result)
            break;
        PQclear(last);
        last = result;
    }
    return last ? judge_result(database, last, out) : lost_connection(database);
}

int database_query(struct database *database, const char *sql, int count, const char *const values[], PGresult **out)
{
    if (database->state != DATABASE_UP)
        return DATABASE_AWAY;
    if (!PQsendQueryParams(database->connection, sql, count, NULL, values, NULL, NULL, 0))
        return lost_connection(database);
    return database_result(database, out);
}

const char *database_next_notification(struct database *database)
{
    if (database->notification)
        PQfreemem(database->notification);
    database->notification = database->connection ? PQnotifies(database->connection) : NULL;
    return database->notification ? database->notification->relname : NULL;
}

struct class_row {
    const char *prefix;
    enum database_error error;
};

enum database_error database_classify(const char *sqlstate)
{
    static const struct class_row rows[] = {
        {"08", DATABASE_AWAY},    /* connection exceptions */
        {"57P", DATABASE_AWAY},   /* admin or crash shutdown, cannot connect now */
        {"25006", DATABASE_AWAY}, /* read-only: this is a standby now, the primary is elsewhere */
        {"57014", DATABASE_RETRY},    {"40", DATABASE_RETRY},  /* serialization failure, deadlock */
        {"53", DATABASE_RETRY},                                /* disk full, out of memory, too many connections */
        {"55", DATABASE_RETRY},                                /* lock not available, object in use */
        {"58", DATABASE_RETRY},                                /* system errors */
        {"XX", DATABASE_RETRY},       {"28", DATABASE_BROKEN}, /* authorization */
        {"3D", DATABASE_BROKEN},                               /* no such database */
        {"3F", DATABASE_BROKEN},                               /* no such schema */
        {"42", DATABASE_BROKEN},                               /* no such function, permission denied */
        {"P0001", DATABASE_REJECTED},                          /* raised by our own functions about their arguments */
        {"", DATABASE_REJECTED},
    };
    const struct class_row *row = rows;
    while (strncmp(sqlstate, row->prefix, strlen(row->prefix)) != 0)
        row++;
    return row->error;
}
