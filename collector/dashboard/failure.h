/* What goes wrong, as the page is told: an HTTP status, a word that scripts may rely on, and a sentence (pure). */
#ifndef DASHBOARD_FAILURE_H
#define DASHBOARD_FAILURE_H

#include "base/attributes.h"

#include <stdbool.h>

enum failure {
    FAILURE_NONE,
    FAILURE_NOT_FOUND,
    FAILURE_METHOD,
    FAILURE_TOO_LARGE,
    FAILURE_BAD_REQUEST,
    FAILURE_SIGNED_OUT,
    FAILURE_CSRF,
    FAILURE_TOO_MANY_CALLS,
    FAILURE_TOO_MANY_SIGN_INS,
    FAILURE_TOO_MANY_SESSIONS,
    FAILURE_WRONG_PASSWORD,
    FAILURE_NO_PASSWORD_ASKED,
    FAILURE_TOO_POWERFUL,
    FAILURE_NO_MEMBER,
    FAILURE_SCHEMA,
    FAILURE_AWAY,
    FAILURE_UNKNOWN_END,
    FAILURE_SLOW,
    FAILURE_REFUSED, /* by a function of the schema, whose own sentence is shown */
    FAILURE_NO_SUCH, /* the same */
    FAILURE_NO_RIGHT,
    FAILURE_HUGE,
    FAILURE_MEMORY,
    FAILURE_COUNT
};

unsigned failure_status(enum failure failure);
const char *failure_word(enum failure failure);
const char *failure_sentence(enum failure failure);

/* Whether the sentence of PostgreSQL itself belongs on the page: it comes from the schema's own functions. */
bool failure_speaks_sql(enum failure failure);

/* Of a statement that PostgreSQL did not carry out. */
enum failure failure_of_statement(const char *sqlstate) MUST_CHECK;
/* Of a connection that PostgreSQL did not grant; `message` is libpq's with PQERRORS_SQLSTATE. */
enum failure failure_of_connection(const char *message) MUST_CHECK;

#endif
