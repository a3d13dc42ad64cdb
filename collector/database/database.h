/* One connection to PostgreSQL that comes back by itself: keepalives and tcp_user_timeout always, the hosts of a
 * multi-host string tried one after the other with a deadline each (PQconnectPoll ignores connect_timeout, and a host
 * that swallows SYNs would hide the next one), full-jitter back-off when none answers. An outage is logged once when it
 * begins and once when it ends. Not thread-safe: a connection belongs to one thread. */
#ifndef DATABASE_DATABASE_H
#define DATABASE_DATABASE_H

#include "base/attributes.h"
#include "database/error.h"
#include "database/statement.h"

#include <libpq-fe.h>
#include <stdint.h>

struct database_config {
    const char *dsn;         /* conninfo string or URI; may list several hosts */
    const char *name;        /* application_name, and the peer in log lines */
    uint32_t connect_ms;     /* how long one host may take; 0 = 5 s */
    uint32_t statement_ms;   /* how long one statement may take; 0 = 30 s */
    uint32_t backoff_max_ms; /* ceiling of the wait between rounds of attempts; 0 = 10 s */
};

enum database_state { DATABASE_DOWN, DATABASE_CONNECTING, DATABASE_UP };

/* The strings of `config` must outlive it. Connects to nothing yet. NULL when memory is short. */
struct database *database_create(const struct database_config *config) MUST_CHECK;
void database_destroy(struct database *database); /* NULL is fine */

/* Begins, continues or gives up connecting, as far as it goes without waiting (name resolution may block). Call it
 * whenever database_fd is ready for database_events, and at database_wake_us. */
enum database_state database_advance(struct database *database, uint64_t now_us);
int database_fd(const struct database *database);           /* -1: nothing to poll */
short database_events(const struct database *database);     /* POLLIN or POLLOUT */
uint64_t database_wake_us(const struct database *database); /* UINT64_MAX when up */

/* Advances until up, or `deadline_us` has passed; whichever comes first. */
enum database_state database_wait(struct database *database, uint64_t deadline_us);

/* The connection, for statements this module does not offer; NULL unless up. Non-blocking. */
PGconn *database_connection(struct database *database);

const char *database_message(const struct database *database); /* of the last error: one line, no newline */

#endif
