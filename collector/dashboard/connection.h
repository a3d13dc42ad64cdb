/* One connection of a session to PostgreSQL, as the person who signed in: opened when it is needed, closed when it is
 * idle. Never blocks but for the resolving of a host's name. The server must have asked for the password, and the role
 * must be one whom row-level security binds; that is checked each time, because roles change. */
#ifndef DASHBOARD_CONNECTION_H
#define DASHBOARD_CONNECTION_H

#include "base/attributes.h"
#include "dashboard/failure.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

enum connection_state {
    CONNECTION_CLOSED,
    CONNECTION_OPENING,
    CONNECTION_VETTING, /* signed in, and asked whether this is somebody we serve */
    CONNECTION_IDLE,
    CONNECTION_BUSY
};

enum connection_news { CONNECTION_NO_NEWS, CONNECTION_OPENED, CONNECTION_ANSWERED, CONNECTION_FAILED };

struct call;

struct connection_config {
    const char *dsn;
    uint32_t statement_ms, idle_ms;
};

struct connection { /* all zero: closed */
    enum connection_state state;
    PGconn *pg;
    PostgresPollingStatusType polling; /* while opening: what PQconnectPoll waits for */
    uint64_t opened_us;
    uint64_t deadline_us; /* idle: closes; else: gives up */
    struct call *call;    /* whom it works for; not this module's */
    PGresult *result;     /* after CONNECTION_ANSWERED, until connection_take */
    enum failure failure; /* after CONNECTION_FAILED */
    bool reached;         /* the same: PostgreSQL answered, whatever it said */
    bool asked;           /* the same: the question had been sent */
};

void connection_open(struct connection *connection, const struct connection_config *config, const char *role,
                     const char *password, uint64_t now_us);
/* Of an idle connection: asks one question with one text parameter. */
void connection_ask(struct connection *connection, const struct connection_config *config, const char *sql,
                    const char *argument, uint64_t now_us);
/* Goes on as far as it goes without waiting. */
enum connection_news connection_advance(struct connection *connection, const struct connection_config *config,
                                        uint64_t now_us) MUST_CHECK;
/* The answer, which the caller clears; the connection is idle again. */
PGresult *connection_take(struct connection *connection, const struct connection_config *config,
                          uint64_t now_us) MUST_CHECK;
void connection_close(struct connection *connection);

int connection_fd(const struct connection *connection);
short connection_events(const struct connection *connection);

#endif
