#include "dashboard/failure.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define SQLSTATE_LEN 5

static const struct {
    unsigned status;
    const char *word, *sentence;
} failures[FAILURE_COUNT] = {
    [FAILURE_NONE] = {200, "", ""},
    [FAILURE_NOT_FOUND] = {404, "not_found", "There is nothing at this address."},
    [FAILURE_METHOD] = {405, "method", "This address does not take such a request."},
    [FAILURE_TOO_LARGE] = {413, "too_large", "The request is too large."},
    [FAILURE_BAD_REQUEST] = {400, "bad_request", "The request is malformed."},
    [FAILURE_SIGNED_OUT] = {401, "signed_out", "Your session has ended; sign in again."},
    [FAILURE_CSRF] = {403, "csrf", "This page belongs to an earlier session; load it again."},
    [FAILURE_TOO_MANY_CALLS] = {429, "too_many_calls", "You are asking for too much at once; wait for the answers."},
    [FAILURE_TOO_MANY_SIGN_INS] = {429, "too_many_sign_ins", "There were too many attempts to sign in; wait a minute."},
    [FAILURE_TOO_MANY_SESSIONS] = {503, "too_many_sessions", "Too many people are signed in; try again later."},
    [FAILURE_WRONG_PASSWORD] = {401, "wrong_password", "No such user, or the password is wrong."},
    [FAILURE_NO_PASSWORD_ASKED] = {403, "no_password_asked",
                                   "The database lets this user in without a password, so the dashboard cannot tell "
                                   "who you are; set scram-sha-256 in pg_hba.conf."},
    [FAILURE_TOO_POWERFUL] = {403, "too_powerful",
                              "This user is a superuser or bypasses row-level security; sign in with an ordinary one."},
    [FAILURE_NO_MEMBER] = {403, "no_member",
                           "This user may not use natsweep; an administrator lets it with 'natsweep user add'."},
    [FAILURE_SCHEMA] = {500, "schema",
                        "The schema in the database does not fit this program; 'natsweep init' brings it up to date."},
    [FAILURE_AWAY] = {503, "database_away", "The database is away."},
    [FAILURE_UNKNOWN_END] = {503, "unknown_end",
                             "The database went away meanwhile; look whether it was done before you try again."},
    [FAILURE_SLOW] = {504, "slow", "That took too long; ask for less."},
    [FAILURE_REFUSED] = {400, "refused", "The database refused this."},
    [FAILURE_NO_SUCH] = {404, "no_such", "There is no such thing, or you may not see it."},
    [FAILURE_NO_RIGHT] = {403, "no_right", "You may look, but not do this: it takes the role natsweep_operator."},
    [FAILURE_HUGE] = {413, "huge", "The answer is too large; ask for less."},
    [FAILURE_MEMORY] = {503, "memory", "The dashboard is short of memory; try again."},
};

unsigned failure_status(enum failure failure)
{
    return failures[failure].status;
}

const char *failure_word(enum failure failure)
{
    return failures[failure].word;
}

const char *failure_sentence(enum failure failure)
{
    return failures[failure].sentence;
}

bool failure_speaks_sql(enum failure failure)
{
    return failure == FAILURE_REFUSED || failure == FAILURE_NO_SUCH;
}

struct class_row {
    const char *prefix; /* of an SQLSTATE */
    enum failure failure;
};

static enum failure classify(const struct class_row *row, const char *sqlstate)
{
    while (strncmp(sqlstate, row->prefix, strlen(row->prefix)) != 0)
        row++;
    return row->failure;
}

enum failure failure_of_statement(const char *sqlstate)
{
    static const struct class_row rows[] = {
        {"08", FAILURE_AWAY},        {"57014", FAILURE_SLOW}, {"57P", FAILURE_AWAY},  {"53", FAILURE_AWAY},
        {"42501", FAILURE_NO_RIGHT}, {"42", FAILURE_SCHEMA},  {"3F", FAILURE_SCHEMA}, {"54", FAILURE_HUGE},
        {"25006", FAILURE_AWAY}, /* a standby: the primary is elsewhere */
        {"P0002", FAILURE_NO_SUCH},  {"", FAILURE_REFUSED},
    };
    return classify(rows, sqlstate);
}

/* What PostgreSQL said last, in a message such as "connection to server at ... failed: FATAL:  28P01". */
static const char *last_sqlstate(const char *message)
{
    size_t len = strlen(message);
    while (len > 0 && isspace((unsigned char)message[len - 1]))
        len--;
    if (len < SQLSTATE_LEN + 1 || !isspace((unsigned char)message[len - SQLSTATE_LEN - 1]))
        return "";
    const char *state = message + len - SQLSTATE_LEN;
    for (size_t i = 0; i < SQLSTATE_LEN; i++)
        if (!isdigit((unsigned char)state[i]) && !isupper((unsigned char)state[i]))
            return "";
    return state;
}

enum failure failure_of_connection(const char *message)
{
    static const struct class_row rows[] = {
        {"28", FAILURE_WRONG_PASSWORD}, {"3D", FAILURE_SCHEMA}, {"42501", FAILURE_NO_MEMBER}, {"", FAILURE_AWAY}};
    return classify(rows, last_sqlstate(message));
}
