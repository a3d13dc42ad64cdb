#include "dashboard/server.h"

#include "base/log.h"
#include "base/random.h"
#include "dashboard/http.h"
#include "dashboard/sign_in.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_S UINT64_C(1000000)
#define BYTES_PER_MB 1048576u
#define CALLS_PER_SESSION_MAX 24 /* more than a page asks at once, in several tabs */

int server_init(struct server *server, const struct dashboard_settings *settings, uint64_t now_us)
{
    *server = (struct server){.settings = settings};
    server->config = (struct connection_config){.dsn = settings->dsn,
                                                .statement_ms = (uint32_t)settings->statement_s * 1000u,
                                                .idle_ms = (uint32_t)settings->connection_idle_s * 1000u};
    list_init(&server->calls);
    /* One more than people: the probe. */
    sessions_init(&server->sessions, (size_t)settings->sessions_max + 1,
                  (uint64_t)settings->idle_minutes * 60 * US_PER_S, (uint64_t)settings->hours_max * 3600 * US_PER_S);
    limiter_init(&server->sign_ins, (uint32_t)settings->sign_ins_per_minute,
                 (uint32_t)settings->all_sign_ins_per_minute, random_u64(), now_us);
    server->probe = session_add(&server->sessions, "natsweep_viewer", "", now_us);
    return server->probe ? 0 : -ENOMEM;
}

void server_clear(struct server *server)
{
    sessions_clear(&server->sessions);
}

static size_t calls_of(const struct server *server, const struct session *session)
{
    size_t count = 0;
    list_for_each(link, &server->calls)
    {
        count += list_entry(link, struct call, link)->session == session;
    }
    return count;
}

static size_t connections_max(const struct server *server, const struct session *session)
{
    return session == server->probe ? 1 : (size_t)server->settings->connections_max;
}

/* The next call of a session that nobody works for, in the order of arrival. */
static struct call *next_waiting(const struct server *server, const struct session *session)
{
    list_for_each(link, &server->calls)
    {
        struct call *call = list_entry(link, struct call, link);
        if (call->session == session && call->state == CALL_WAITING)
            return call;
    }
    return NULL;
}

static void ask(const struct server *server, struct connection *connection, struct call *call, uint64_t now_us)
{
    connection->call = call;
    call->state = CALL_RUNNING;
    connection_ask(connection, &server->config, call->route->sql, call->body ? call->body : "{}", now_us);
}

/* Open connections first: a new one costs PostgreSQL a process and both sides a password's hashing. */
static void serve_waiting(const struct server *server, struct session *session, uint64_t now_us)
{
    size_t max = connections_max(server, session);
    for (size_t i = 0; i < max; i++) {
        struct call *call = next_waiting(server, session);
        if (!call)
            return;
        if (session->connections[i].state == CONNECTION_IDLE)
            ask(server, &session->connections[i], call, now_us);
    }
    for (size_t i = 0; i < max; i++) {
        struct connection *connection = &session->connections[i];
        struct call *call = next_waiting(server, session);
        if (!call)
            return;
        if (connection->state != CONNECTION_CLOSED)
            continue;
        connection_open(connection, &server->config, session->role, session->password, now_us);
        connection->call = call;
        call->state = CALL_RUNNING;
    }
}

void server_enter(struct server *server, struct call *call, struct session *session, uint64_t now_us)
{
    if (calls_of(server, session) >= CALLS_PER_SESSION_MAX) {
        call_fail(call, FAILURE_TOO_MANY_CALLS);
        return;
    }
    call->session = session;
    call_suspend(call);
    serve_waiting(server, session, now_us);
}

size_t server_connections(const struct server *server)
{
    size_t count = 0;
    list_for_each(link, &server->sessions.all)
    {
        const struct session *session = list_entry(link, struct session, link);
        for (size_t i = 0; i < SESSION_CONNECTIONS_MAX; i++)
            count += session->connections[i].state != CONNECTION_CLOSED;
    }
    return count;
}

void server_forget(struct server *server, const struct call *call)
{
    list_for_each(link, &server->sessions.all)
    {
        struct session *session = list_entry(link, struct session, link);
        for (size_t i = 0; i < SESSION_CONNECTIONS_MAX; i++)
            if (session->connections[i].call == call)
                session->connections[i].call = NULL;
    }
}

static void log_refusal(struct server *server, const struct call *call, const char *role, enum failure failure)
{
    server->counts.turned_away++;
    sign_in_log(server, call, role, failure_word(failure));
}

/* A session whose role is no longer let in ends; one that only met a database that is away does not. */
static bool ends_session(enum failure failure)
{
    unsigned status = failure_status(failure);
    return status == MHD_HTTP_UNAUTHORIZED || status == MHD_HTTP_FORBIDDEN;
}

static void answer_probe(struct call *call, bool reached)
{
    call_answer(call, reached ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                http_text(reached ? "ready\n" : "the database is away\n", HTTP_PLAIN));
}

static void connection_failed(struct server *server, struct session *session, struct connection *connection)
{
    struct call *call = connection->call;
    enum failure failure = connection->failure;
    connection->call = NULL;
    if (session == server->probe) {
        if (call)
            answer_probe(call, connection->reached);
        return;
    }
    session->ended = session->ended || !session->open || ends_session(failure);
    if (!call)
        return;
    if (call->route->kind == ROUTE_SIGN_IN)
        log_refusal(server, call, session->role, failure);
    if (call->route->kind == ROUTE_CHANGE && failure == FAILURE_AWAY && connection->asked)
        failure = FAILURE_UNKNOWN_END;
    call_fail(call, session->open && ends_session(failure) ? FAILURE_SIGNED_OUT : failure);
}

static void connection_answered(struct server *server, struct session *session, struct connection *connection,
                                uint64_t now_us)
{
    struct call *call = connection->call;
    PGresult *result = connection_take(connection, &server->config, now_us);
    if (!call) {
        PQclear(result);
        return;
    }
    if (call->route->kind == ROUTE_SIGN_IN) {
        session->open = PQresultStatus(result) == PGRES_TUPLES_OK;
        session->ended = !session->open;
        server->counts.signed_in += session->open;
        server->counts.turned_away += !session->open;
        sign_in_log(server, call, session->role, session->open ? "signed in" : "turned away");
    }
    call_answer_result(call, result, (size_t)server->settings->answer_mb * BYTES_PER_MB);
}

static void advance_connection(struct server *server, struct session *session, struct connection *connection,
                               uint64_t now_us)
{
    switch (connection_advance(connection, &server->config, now_us)) {
    case CONNECTION_NO_NEWS: return;
    case CONNECTION_OPENED:
        if (connection->call)
            ask(server, connection, connection->call, now_us);
        break;
    case CONNECTION_ANSWERED: connection_answered(server, session, connection, now_us); break;
    case CONNECTION_FAILED: connection_failed(server, session, connection); break;
    }
    if (!session->ended)
        serve_waiting(server, session, now_us);
}

static void end_session(struct server *server, struct session *session)
{
    list_for_each(link, &server->calls)
    {
        struct call *call = list_entry(link, struct call, link);
        if (call->session == session)
            call_fail(call, FAILURE_SIGNED_OUT);
    }
    session_remove(&server->sessions, session);
}

void server_advance(struct server *server, uint64_t now_us)
{
    server->probe->started_us = server->probe->used_us = now_us; /* never too old */
    sessions_expire(&server->sessions, now_us);
    for (struct list *link = server->sessions.all.next, *next; link != &server->sessions.all; link = next) {
        struct session *session = list_entry(link, struct session, link);
        next = link->next;
        for (size_t i = 0; i < SESSION_CONNECTIONS_MAX && !session->ended; i++)
            advance_connection(server, session, &session->connections[i], now_us);
        if (session->ended)
            end_session(server, session);
    }
}

size_t server_poll(const struct server *server, struct pollfd *items, size_t capacity, uint64_t *wake_us)
{
    size_t count = 0;
    list_for_each(link, &server->sessions.all)
    {
        const struct session *session = list_entry(link, struct session, link);
        for (size_t i = 0; i < SESSION_CONNECTIONS_MAX; i++) {
            const struct connection *connection = &session->connections[i];
            if (connection->state == CONNECTION_CLOSED || count == capacity)
                continue;
            items[count++] = (struct pollfd){.fd = connection_fd(connection), .events = connection_events(connection)};
            if (connection->deadline_us < *wake_us)
                *wake_us = connection->deadline_us;
        }
    }
    return count;
}

void server_stop(struct server *server)
{
    list_for_each(link, &server->calls)
    {
        struct call *call = list_entry(link, struct call, link);
        if (call->state != CALL_ANSWERED && call->suspended)
            call_fail(call, FAILURE_AWAY);
    }
}
