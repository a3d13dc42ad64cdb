/* Which connection works for whom: connections to PostgreSQL belong to sessions, and a call waits until one of its
 * session's is free. */
#ifndef DASHBOARD_SERVER_H
#define DASHBOARD_SERVER_H

#include "base/attributes.h"
#include "base/limiter.h"
#include "base/list.h"
#include "dashboard/call.h"
#include "dashboard/counts.h"
#include "dashboard/session.h"
#include "dashboard/settings.h"

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

struct server {
    const struct dashboard_settings *settings;
    struct connection_config config;
    struct sessions sessions;
    struct session *probe; /* nobody's: asks whether PostgreSQL is there, without a password */
    struct limiter sign_ins;
    struct list calls;
    struct counts counts;
};

/* `settings` must outlive it. Returns 0, or -ENOMEM. */
int server_init(struct server *server, const struct dashboard_settings *settings, uint64_t now_us) MUST_CHECK;
void server_clear(struct server *server); /* after the last call */

/* Suspends a call until a connection of the session has asked for it. */
void server_enter(struct server *server, struct call *call, struct session *session, uint64_t now_us);

size_t server_connections(const struct server *server); /* that are open now, of all sessions */

/* The call is about to end: nobody works for it any longer. */
void server_forget(struct server *server, const struct call *call);

/* What to wait for: fills at most `capacity` items and returns how many; *wake_us becomes earlier when need be. */
size_t server_poll(const struct server *server, struct pollfd *items, size_t capacity, uint64_t *wake_us);

/* Lets connections and sessions go on. */
void server_advance(struct server *server, uint64_t now_us);

/* Answers whatever still waits. */
void server_stop(struct server *server);

#endif
