/* Who may ask what, and which connection works for whom. Browsers' requests come in as calls; connections to PostgreSQL
 * belong to sessions; a call waits until a connection of its session is free. */
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

/* Answers a call that has arrived whole, or suspends it. */
void server_begin(struct server *server, struct call *call, const char *method, const char *url, uint64_t now_us);

/* The call is about to end: nobody works for it any longer. */
void server_forget(struct server *server, const struct call *call);

/* What to wait for: fills at most `capacity` items and returns how many; *wake_us becomes earlier when need be. */
size_t server_poll(const struct server *server, struct pollfd *items, size_t capacity, uint64_t *wake_us);

/* Lets connections and sessions go on. */
void server_advance(struct server *server, uint64_t now_us);

/* Answers whatever still waits. */
void server_stop(struct server *server);

#endif
