#include "cli/database.h"

#include "cli/complain.h"
#include "proto/limits.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define TIME_TEXT_BYTES (sizeof "2026-01-31T12:34:56Z")
#define CONNECT_TIMEOUT_S "10" /* of one host; a black hole would otherwise take the kernel's two minutes */

/* Types of result columns (pg_type.h of the server, which are fixed for ever). */
enum {
    TYPE_BOOL = 16,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_JSON = 114,
    TYPE_FLOAT8 = 701,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_NUMERIC = 1700,
    TYPE_JSONB = 3802
};

static const struct {
    const char *prefix; /* of the SQLSTATE */
    int code;
} exit_codes[] = {
    {"08", EX_UNAVAILABLE},                                            /* no connection */
    {"57P", EX_UNAVAILABLE},                                           /* shutting down or starting up */
    {"53", EX_UNAVAILABLE},                                            /* no resources */
    {"28", EX_NOPERM},                                                 /* who you are */
    {"42501", EX_NOPERM},                                              /* what you may */
    {"42710", EX_CANTCREAT},                                           /* a role that is there already */
    {"42939", EX_DATAERR},                                             /* a reserved name */
    {"42", EX_CONFIG},                                                 /* no such object */
    {"3D", EX_CONFIG},       {"3F", EX_CONFIG},  {"NS001", EX_NOHOST}, /* a selector that no site matches */
    {"P0002", EX_NOUSER},                                              /* no such customer, site, agent, request */
    {"23505", EX_CANTCREAT},                                           /* it is there already */
    {"23", EX_DATAERR},      {"22", EX_DATAERR},                       /* a value that cannot be */
    {"55", EX_DATAERR},                                                /* something has to be done first */
    {"P0001", EX_DATAERR},
};

int database_exit_code(const char *sqlstate)
{
    for (size_t i = 0; i < ARRAY_LEN(exit_codes); i++)
        if (strncmp(sqlstate, exit_codes[i].prefix, strlen(exit_codes[i].prefix)) == 0)
            return exit_codes[i].code;
    return EX_SOFTWARE;
}

/* Messages of libpq end with a line feed and may have several lines and tabs; a sentence has none of these. */
static char *one_line(const char *message)
{
    char *line = must_have(malloc(strlen(message) + 1)), *next = line;
    for (const char *c = message; *c != '\0'; c++)
        if (!isspace((unsigned char)*c))
            *next++ = *c;
        else if (next > line && next[-1] != ' ')
            *next++ = ' ';
    if (next > line && next[-1] == ' ')
        next--;
    *next = '\0';
    return line;
}

/* libpq's guesses at what may be behind a failure stand on lines of their own that begin with a tab. */
static char *without_guesses(const char *message)
{
    char *facts = must_have(strdup(message)), *next = facts;
    for (const char *c = message; *c != '\0'; c++) {
        while (c[0] == '\n' && c[1] == '\t')
            c += 1 + strcspn(c + 1, "\n");
        if ((*next = *c) == '\0')
            break;
        next++;
    }
    *next = '\0';
    char *line = one_line(facts);
    free(facts);
    return line;
}

static void ignore_notice(void *argument, const PGresult *result)
{
    (void)argument;
    (void)result;
}

/* Times come and go in UTC, so that one text means one time wherever the operator sits. Nothing is asked of a
 * connection that failed: that would take the place of its message. */
static bool settle(PGconn *connection)
{
    if (PQstatus(connection) != CONNECTION_OK)
        return false;
    (void)PQsetNoticeReceiver(connection, ignore_notice, NULL);
    PQclear(PQexec(connection, "set timezone to 'UTC'; set datestyle to 'ISO'"));
    return PQstatus(connection) == CONNECTION_OK;
}

bool database_reconnect(struct database *database)
{
    PQreset(database->connection);
    return settle(database->connection);
}

/* A server that asked for a password is there; it does not want us. */
static int explain_refusal(PGconn *connection)
{
    char *reason = without_guesses(PQerrorMessage(connection));
    bool asked = PQconnectionNeedsPassword(connection) || PQconnectionUsedPassword(connection);
    int code = complain(asked ? EX_NOPERM : EX_UNAVAILABLE, "%s: %s; check --dsn or the PG environment variables",
                        asked ? "the database turned us away" : "cannot reach the database", reason);
    free(reason);
    return code;
}

/* As libpq tells a connection string from the name of a database. */
static int check_dsn(const char *dsn)
{
    char *reason = NULL;
    if (dsn == NULL || (strchr(dsn, '=') == NULL && strstr(dsn, "://") == NULL))
        return 0;
    PQconninfoOption *options = PQconninfoParse(dsn, &reason);
    char *line = one_line(reason != NULL ? reason : "");
    int code = options != NULL ? 0 : complain(EX_USAGE, "--dsn is no connection string: %s", line);
    PQconninfoFree(options);
    PQfreemem(reason);
    free(line);
    return code;
}

int database_connect(struct database *database, const char *dsn)
{
    int code = check_dsn(dsn);
    if (code != 0)
        return code;
    const char *const keywords[] = {"fallback_application_name", "connect_timeout", "client_encoding", "dbname", NULL};
    const char *timeout = getenv("PGCONNECT_TIMEOUT") == NULL ? CONNECT_TIMEOUT_S : NULL;
    const char *const values[] = {"natsweep", timeout, "UTF8", dsn, NULL};
    database->connection = must_have(PQconnectdbParams(keywords, values, 1));
    if (settle(database->connection))
        return 0;
    code = explain_refusal(database->connection);
    database_close(database);
    return code;
}

void database_close(struct database *database)
{
    PQfinish(database->connection);
    database->connection = NULL;
}

bool database_lost(const struct database *database)
{
    return PQstatus(database->connection) != CONNECTION_OK;
}

/* NULL for SQL's null. */
static const char *value_at(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static PGresult *run(struct database *database, const char *sql, const struct sql_parameters *parameters)
{
    int count = parameters != NULL ? (int)parameters->count : 0;
    const char *const *values = parameters != NULL ? parameters->values : NULL;
    return must_have(PQexecParams(database->connection, sql, count, NULL, values, NULL, NULL, 0));
}

static bool succeeded(const PGresult *result)
{
    return PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK;
}

/* A hint of PostgreSQL is a sentence of its own; here it goes on with ours. */
static char *continuation(const char *hint)
{
    char *text = one_line(hint);
    size_t len = strlen(text);
    if (len > 0 && text[len - 1] == '.')
        text[len - 1] = '\0';
    if (isupper((unsigned char)text[0]) && (islower((unsigned char)text[1]) || text[1] == ' '))
        text[0] = (char)tolower((unsigned char)text[0]);
    return text;
}

/* What PostgreSQL itself has no hint for: invalid_datetime_format is an operator's time. */
static const char *hint_of_ours(const char *sqlstate)
{
    return strcmp(sqlstate, "22007") == 0 ? "a time is written as 2026-01-31 or '2026-01-31 12:00'" : "";
}

static int explain_lost(const struct database *database)
{
    char *reason = without_guesses(PQerrorMessage(database->connection));
    int code = complain(EX_UNAVAILABLE, "lost the database: %s", reason);
    free(reason);
    return code;
}

/* What went wrong as PostgreSQL, or a function of the schema, puts it: the message and its hint, without LINE and
 * CONTEXT. */
static int explain(const struct database *database, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (sqlstate == NULL || database_lost(database))
        return explain_lost(database);
    const char *hint_field = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    char *message = one_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    char *hint = continuation(hint_field != NULL ? hint_field : hint_of_ours(sqlstate));
    int code = database_exit_code(sqlstate);
    if (code == EX_CONFIG)
        (void)complain(
            code, "the schema in this database does not fit this program: %s; 'natsweep init' brings it up to date",
            message);
    else if (code == EX_NOPERM)
        (void)complain(code, "the role '%s' may not do this: %s", PQuser(database->connection), message);
    else
        (void)complain(code, "%s%s%s", message, hint[0] != '\0' ? "; " : "", hint);
    free(hint);
    free(message);
    return code;
}

int database_query(struct database *database, const char *sql, const struct sql_parameters *parameters,
                   PGresult **result)
{
    PGresult *answer = run(database, sql, parameters);
    if (succeeded(answer)) {
        *result = answer;
        return 0;
    }
    int code = explain(database, answer);
    PQclear(answer);
    return code;
}

int database_execute(struct database *database, const char *sql, const struct sql_parameters *parameters)
{
    PGresult *result = NULL;
    int code = database_query(database, sql, parameters, &result);
    if (code == 0)
        PQclear(result);
    return code;
}

int database_check_schema(struct database *database)
{
    PGresult *result = run(database, "select natsweep.schema_version()", NULL);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    long version = succeeded(result) ? strtol(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    int code = 0;
    if (sqlstate != NULL && strcmp(sqlstate, "42501") == 0)
        code =
            complain(EX_NOPERM, "the role '%s' may not use natsweep; an administrator lets it with 'natsweep user add'",
                     PQuser(database->connection));
    else if (sqlstate != NULL && database_exit_code(sqlstate) == EX_CONFIG)
        code = complain(EX_CONFIG, "the database '%s' holds no natsweep schema; 'natsweep init' makes it",
                        PQdb(database->connection));
    else if (!succeeded(result))
        code = explain(database, result);
    else if (version < SCHEMA_VERSION)
        code = complain(EX_CONFIG,
                        "the schema has version %ld and this program needs %d; 'natsweep init' brings it up to date",
                        version, SCHEMA_VERSION);
    PQclear(result);
    return code;
}

static enum writer_kind kind_of(Oid type)
{
    switch (type) {
    case TYPE_BOOL: return WRITER_BOOL;
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_FLOAT8:
    case TYPE_NUMERIC: return WRITER_NUMBER;
    case TYPE_JSON:
    case TYPE_JSONB: return WRITER_NESTED;
    default: return WRITER_WORDS;
    }
}

/* "2026-01-31 12:34:56.789+00" as "2026-01-31T12:34:56Z"; what has no such form, as infinity, stays as it is. */
static const char *rfc3339(const char *value, char text[TIME_TEXT_BYTES])
{
    if (strlen(value) < TIME_TEXT_BYTES - 1 || value[10] != ' ' || strcmp(value + strlen(value) - 3, "+00") != 0)
        return value;
    (void)snprintf(text, TIME_TEXT_BYTES, "%.10sT%.8sZ", value, value + 11);
    return text;
}

static void show_row(const PGresult *result, int row, struct writer *writer)
{
    size_t columns = (size_t)PQnfields(result);
    const char **values = must_have(calloc(columns, sizeof *values));
    char(*times)[TIME_TEXT_BYTES] = must_have(calloc(columns, sizeof *times));
    for (size_t i = 0; i < columns; i++) {
        values[i] = value_at(result, row, (int)i);
        if (values[i] != NULL && PQftype(result, (int)i) == TYPE_TIMESTAMPTZ)
            values[i] = rfc3339(values[i], times[i]);
    }
    writer_row(writer, values);
    free(times);
    free(values);
}

static void show(const PGresult *result, enum writer_shape shape, struct writer *writer)
{
    size_t columns = (size_t)PQnfields(result);
    struct writer_column *described = must_have(calloc(columns, sizeof *described));
    for (size_t i = 0; i < columns; i++)
        described[i] = (struct writer_column){PQfname(result, (int)i), kind_of(PQftype(result, (int)i))};
    writer_begin(writer, shape, described, columns);
    for (int row = 0; row < PQntuples(result); row++)
        show_row(result, row, writer);
    writer_end(writer);
    free(described);
}

int database_show(struct database *database, const char *sql, const struct sql_parameters *parameters,
                  enum writer_shape shape, struct writer *writer)
{
    PGresult *result = NULL;
    int code = database_query(database, sql, parameters, &result);
    if (code != 0)
        return code;
    show(result, shape, writer);
    PQclear(result);
    return 0;
}
