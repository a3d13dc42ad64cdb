#include "database/database.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "database/connection.h"
#include "database/host_list.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 5000u
#define STATEMENT_MS 30000u
#define BACKOFF_BASE_MS 250u
#define BACKOFF_MAX_MS 10000u
#define US_PER_MS 1000u

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

void connection_remember(struct database *database, const char *text)
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

int connection_lost(struct database *database)
{
    const char *why = PQerrorMessage(database->connection);
    connection_remember(database, why[0] ? why : "no answer to a statement in time");
    database->next_host = 0;
    went_down(database, clock_monotonic_us());
    return DATABASE_AWAY;
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
        connection_remember(database, database->connection ? PQerrorMessage(database->connection) : "out of memory");
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
        connection_remember(database, PQerrorMessage(database->connection));
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
            connection_remember(database, PQerrorMessage(database->connection));
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
    connection_remember(database, PQerrorMessage(database->connection));
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

int connection_ms_until(uint64_t deadline_us, uint64_t now_us)
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
        (void)poll(&item, 1, connection_ms_until(wake_us, now_us));
    }
}

PGconn *database_connection(struct database *database)
{
    return database->state == DATABASE_UP ? database->connection : NULL;
}
