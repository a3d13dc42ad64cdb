/* The connection to PostgreSQL. Every function that fails has said so in one sentence on stderr and returns the exit
 * code. */
#ifndef CLI_DATABASE_H
#define CLI_DATABASE_H

#include "base/attributes.h"
#include "cli/writer.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#define SQL_PARAMETERS_MAX 32

struct database {
    PGconn *connection; /* NULL until connected */
};

/* Text parameters $1, $2, ...; NULL is SQL's null. */
struct sql_parameters {
    size_t count;
    const char *values[SQL_PARAMETERS_MAX];
};

/* `dsn` is a libpq connection string or URI; NULL leaves all to libpq's environment. */
int database_connect(struct database *database, const char *dsn) MUST_CHECK;
/* Refuses a database without the schema, or with an older one than this program was built for. */
int database_check_schema(struct database *database) MUST_CHECK;
void database_close(struct database *database);

/* Whether the connection is lost rather than a statement wrong, and one more try to have it back. */
bool database_lost(const struct database *database);
bool database_reconnect(struct database *database);

/* Runs one statement. On 0 the caller clears *result. */
int database_query(struct database *database, const char *sql, const struct sql_parameters *parameters,
                   PGresult **result) MUST_CHECK;
/* The same for a statement whose answer nobody needs. */
int database_execute(struct database *database, const char *sql, const struct sql_parameters *parameters) MUST_CHECK;
/* The same, and the rows go to `writer` with the columns named and typed as PostgreSQL says, times as
 * RFC 3339 in UTC. */
int database_show(struct database *database, const char *sql, const struct sql_parameters *parameters,
                  enum writer_shape shape, struct writer *writer) MUST_CHECK;

/* The exit code for an SQLSTATE. */
int database_exit_code(const char *sqlstate);

#endif
