#include "dashboard/reception.h"

#include "dashboard/http.h"
#include "dashboard/sign_in.h"

#include <stdlib.h>
#include <string.h>

static struct session *session_of(struct server *server, const struct call *call, uint64_t now_us)
{
    const char *id = http_cookie(call->http, server->settings->behind_tls);
    return session_find(&server->sessions, id, !http_header(call->http, "X-Keep-Fresh"), now_us);
}

void reception_admit(struct server *server, struct call *call, uint64_t now_us)
{
    const char *id = http_cookie(call->http, server->settings->behind_tls);
    if (session_find(&server->sessions, id, false, now_us))
        call->body_max = CALL_BODY_BYTES_MAX;
}

/* Who is no longer signed in learns that, and not that a stranger may send less. */
static enum failure failure_of_size(struct server *server, const struct call *call, uint64_t now_us)
{
    bool changes = call->route && call->route->kind == ROUTE_CHANGE;
    return changes && !session_of(server, call, now_us) ? FAILURE_SIGNED_OUT : FAILURE_TOO_LARGE;
}

static void begin_read(struct server *server, struct call *call, uint64_t now_us)
{
    struct session *session = session_of(server, call, now_us);
    if (!session) {
        call_fail(call, FAILURE_SIGNED_OUT);
        return;
    }
    free(call->body);
    call->body = http_query(call->http);
    call->body_len = call->body ? strlen(call->body) : 0;
    if (call->body)
        server_enter(server, call, session, now_us);
    else
        call_fail(call, FAILURE_MEMORY);
}

/* What a page of another site cannot know stands in a header that it cannot send. */
static struct session *session_of_change(struct server *server, struct call *call, uint64_t now_us)
{
    struct session *session = session_of(server, call, now_us);
    if (!session)
        call_fail(call, FAILURE_SIGNED_OUT);
    else if (!session_owns(session, http_header(call->http, "X-CSRF-Token"))) {
        call_fail(call, FAILURE_CSRF);
        return NULL;
    }
    return session;
}

static void begin_change(struct server *server, struct call *call, uint64_t now_us)
{
    struct session *session = session_of_change(server, call, now_us);
    if (!session)
        return;
    if (call->body && strlen(call->body) != call->body_len)
        call_fail(call, FAILURE_BAD_REQUEST);
    else
        server_enter(server, call, session, now_us);
}

static void begin_sign_out(struct server *server, struct call *call, uint64_t now_us)
{
    struct session *session = session_of_change(server, call, now_us);
    if (!session)
        return;
    session->ended = true;
    struct MHD_Response *response = http_text("", HTTP_PLAIN);
    if (response)
        http_set_cookie(response, NULL, server->settings->behind_tls);
    call_answer(call, MHD_HTTP_OK, response);
}

static void begin_sign_in(struct server *server, struct call *call, uint64_t now_us)
{
    struct session *session = NULL;
    enum failure failure = sign_in_try(server, call, &session, now_us);
    if (call->body)
        explicit_bzero(call->body, call->body_len);
    free(call->body);
    call->body = NULL;
    call->body_len = 0;
    if (failure == FAILURE_NONE)
        server_enter(server, call, session, now_us);
    else
        call_fail(call, failure);
}

static void begin_unknown(struct call *call, const char *method, const char *url)
{
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    const struct asset *asset = reads ? asset_find(url) : NULL;
    unsigned status = 0;
    if (asset) {
        struct MHD_Response *response = http_asset(call->http, asset, &status);
        call_answer(call, status, response);
    } else if (reads && strncmp(url, "/api/", strlen("/api/")) != 0) {
        struct MHD_Response *response = http_asset(call->http, asset_page(), &status);
        call_answer(call, MHD_HTTP_NOT_FOUND, response);
    } else {
        call_fail(call, FAILURE_NOT_FOUND);
    }
}

/* A proxy that publishes the page would publish these, too. */
static void begin_metrics(const struct server *server, struct call *call)
{
    struct metric_text metrics = {0};
    if (http_header(call->http, "X-Forwarded-For") || http_header(call->http, "Forwarded")) {
        call_fail(call, FAILURE_NOT_FOUND);
        return;
    }
    counts_write(&server->counts, server->sessions.count - 1, server_connections(server), &metrics);
    if (metrics.failed)
        call_fail(call, FAILURE_MEMORY);
    else
        call_answer(call, MHD_HTTP_OK, http_text(metrics.bytes, METRIC_TEXT_CONTENT_TYPE));
    metric_text_free(&metrics);
}

static void begin_page(struct call *call)
{
    unsigned status = 0;
    struct MHD_Response *response = http_asset(call->http, asset_page(), &status);
    call_answer(call, status, response);
}

void reception_begin(struct server *server, struct call *call, const char *method, const char *url, uint64_t now_us)
{
    call->behind_tls = server->settings->behind_tls;
    enum route_match match = route_find(method, url, &call->route);
    if (call->too_large)
        call_fail(call, failure_of_size(server, call, now_us));
    else if (match == ROUTE_UNKNOWN)
        begin_unknown(call, method, url);
    else if (match == ROUTE_OTHER_METHOD)
        call_fail(call, FAILURE_METHOD);
    if (call->state == CALL_ANSWERED)
        return;
    switch (call->route->kind) {
    case ROUTE_PAGE: begin_page(call); break;
    case ROUTE_READ: begin_read(server, call, now_us); break;
    case ROUTE_CHANGE: begin_change(server, call, now_us); break;
    case ROUTE_SIGN_IN: begin_sign_in(server, call, now_us); break;
    case ROUTE_SIGN_OUT: begin_sign_out(server, call, now_us); break;
    case ROUTE_HEALTH: call_answer(call, MHD_HTTP_OK, http_text("ok\n", HTTP_PLAIN)); break;
    case ROUTE_READY: server_enter(server, call, server->probe, now_us); break;
    case ROUTE_METRICS: begin_metrics(server, call); break;
    }
}
