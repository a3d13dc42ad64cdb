/* What is asked by a connection, and what comes back. */
#ifndef DATABASE_STATEMENT_H
#define DATABASE_STATEMENT_H

#include "base/attributes.h"

#include <libpq-fe.h>

struct database;

/* Runs one statement with text parameters (NULL = SQL null) and waits for it at most statement_ms. On DATABASE_OK *out
 * is a result that the caller clears with PQclear; otherwise *out is untouched and database_message tells why. After
 * DATABASE_AWAY the connection is down. */
int database_query(struct database *database, const char *sql, int count, const char *const values[],
                   PGresult **out) MUST_CHECK;

/* Waits in the same way for what the caller has sent itself through database_connection (prepared statements, binary
 * values). */
int database_result(struct database *database, PGresult **out) MUST_CHECK;

/* The next NOTIFY that has arrived: its channel, valid until the next call; NULL when there is none. */
const char *database_next_notification(struct database *database);

#endif
