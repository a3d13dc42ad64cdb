/* Signing in: a name and a password that a stranger typed become a session for PostgreSQL to accept. */
#ifndef DASHBOARD_SIGN_IN_H
#define DASHBOARD_SIGN_IN_H

#include "base/attributes.h"
#include "dashboard/server.h"

/* Makes a session of what the call's body says, which is not open yet. Not more often than the settings allow for a
 * name and an address. */
enum failure sign_in_try(struct server *server, struct call *call, struct session **session,
                         uint64_t now_us) MUST_CHECK;

/* A line about an attempt; the name is made fit for a log. */
void sign_in_log(const struct server *server, const struct call *call, const char *role, const char *what);

#endif
