#include "dashboard/call.h"

#include "base/log.h"
#include "dashboard/http.h"

#include <stdlib.h>
#include <string.h>

#define BODY_BYTES_FIRST 1024u

struct call *call_create(struct MHD_Connection *http, struct list *calls)
{
    struct call *call = calloc(1, sizeof(*call));
    if (!call)
        return NULL;
    call->http = http;
    call->body_max = CALL_STRANGER_BODY_BYTES_MAX;
    list_append(calls, &call->link);
    return call;
}

void call_destroy(struct call *call)
{
    if (call->response)
        MHD_destroy_response(call->response);
    list_remove(&call->link);
    if (call->body)
        explicit_bzero(call->body, call->body_len); /* a sign-in's has a password */
    free(call->body);
    free(call);
}

/* Doubles the room, because a client chooses how small its parts are; none of a password stays behind. */
static bool make_room(struct call *call, size_t len)
{
    size_t capacity = call->body_capacity ? call->body_capacity : BODY_BYTES_FIRST;
    while (capacity < len)
        capacity *= 2;
    if (capacity == call->body_capacity)
        return true;
    char *body = malloc(capacity);
    if (!body)
        return false;
    if (call->body) {
        memcpy(body, call->body, call->body_len);
        explicit_bzero(call->body, call->body_len);
        free(call->body);
    }
    call->body = body;
    call->body_capacity = capacity;
    return true;
}

void call_receive(struct call *call, const char *bytes, size_t len)
{
    call->too_large = call->too_large || len > call->body_max || call->body_len + len > call->body_max ||
                      !make_room(call, call->body_len + len + 1);
    if (call->too_large)
        return;
    memcpy(call->body + call->body_len, bytes, len);
    call->body_len += len;
    call->body[call->body_len] = '\0';
}

void call_suspend(struct call *call)
{
    call->suspended = true;
    call->state = CALL_WAITING;
    MHD_suspend_connection(call->http);
}

void call_answer(struct call *call, unsigned status, struct MHD_Response *response)
{
    call->state = CALL_ANSWERED;
    call->status = status;
    call->response = response;
    call->session = NULL;
    if (call->suspended)
        MHD_resume_connection(call->http);
    call->suspended = false;
}

void call_fail(struct call *call, enum failure failure)
{
    struct MHD_Response *response = http_failure(failure, NULL);
    if (failure == FAILURE_SIGNED_OUT && response)
        http_set_cookie(response, NULL, call->behind_tls);
    call_answer(call, failure_status(failure), response);
}

/* A function's own sentence, with its hint; nothing else of PostgreSQL reaches the page. */
static void answer_error(struct call *call, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    enum failure failure = sqlstate ? failure_of_statement(sqlstate) : FAILURE_AWAY;
    char sentence[1024];
    if (failure != FAILURE_REFUSED && failure != FAILURE_NO_SUCH && failure != FAILURE_NO_RIGHT)
        log_warning("call", call->route->path, "PostgreSQL: %s %s", sqlstate ? sqlstate : "", message ? message : "");
    if (!failure_speaks_sql(failure) || !message) {
        call_fail(call, failure);
        return;
    }
    snprintf(sentence, sizeof(sentence), "%s%s%s", message, hint ? ". " : "", hint ? hint : "");
    call_answer(call, failure_status(failure), http_failure(failure, sentence));
}

static void answer_value(struct call *call, PGresult *result, size_t bytes_max)
{
    enum failure failure = FAILURE_NONE;
    if (PQntuples(result) != 1 || PQgetisnull(result, 0, 0))
        failure = FAILURE_NO_SUCH;
    else if ((size_t)PQgetlength(result, 0, 0) > bytes_max)
        failure = FAILURE_HUGE;
    if (failure != FAILURE_NONE) {
        PQclear(result);
        call_fail(call, failure);
        return;
    }
    struct session *session = call->session;
    struct MHD_Response *response = http_value(result, call->route->file_name);
    if (response)
        (void)MHD_add_response_header(response, "X-CSRF-Token", session->csrf);
    if (response && call->route->kind == ROUTE_SIGN_IN)
        http_set_cookie(response, session->id, call->behind_tls);
    call_answer(call, MHD_HTTP_OK, response);
}

void call_answer_result(struct call *call, PGresult *result, size_t bytes_max)
{
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        answer_value(call, result, bytes_max);
        return;
    }
    answer_error(call, result);
    PQclear(result);
}
