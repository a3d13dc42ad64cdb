/* Who is signed in (the table is pure: time is an argument). A session is found by the random words of its cookie and
 * keeps role and password, because its connections to PostgreSQL come and go. */
#ifndef DASHBOARD_SESSION_H
#define DASHBOARD_SESSION_H

#include "base/attributes.h"
#include "base/base64url.h"
#include "base/list.h"
#include "dashboard/connection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSIONS_MAX 5000
#define SESSION_CONNECTIONS_MAX 8
#define SESSION_ROLE_BYTES 64 /* NAMEDATALEN: PostgreSQL would cut a longer one, and so find another role */
#define SESSION_PASSWORD_BYTES 512
#define SESSION_TOKEN_TEXT_BYTES BASE64URL_TEXT_BYTES(32)

struct session {
    struct list link;
    char id[SESSION_TOKEN_TEXT_BYTES]; /* the cookie */
    char csrf[SESSION_TOKEN_TEXT_BYTES];
    char role[SESSION_ROLE_BYTES];
    char password[SESSION_PASSWORD_BYTES];
    uint64_t started_us, used_us;
    bool open;  /* PostgreSQL has accepted the password */
    bool ended; /* nobody finds it any more */
    struct connection connections[SESSION_CONNECTIONS_MAX];
};

struct sessions {
    struct list all;
    size_t count, max;
    uint64_t idle_us, age_max_us;
};

void sessions_init(struct sessions *sessions, size_t max, uint64_t idle_us, uint64_t age_max_us);
void sessions_clear(struct sessions *sessions);

/* A session that nobody finds until it is open; NULL when there are too many or memory is short. */
struct session *session_add(struct sessions *sessions, const char *role, const char *password,
                            uint64_t now_us) MUST_CHECK;

/* The open session with this cookie, NULL when there is none or its time is over. A page that only keeps itself fresh
 * does not use the session; a person does. */
struct session *session_find(struct sessions *sessions, const char *id, bool uses, uint64_t now_us) MUST_CHECK;

/* Whether `csrf` is the session's; NULL is not. */
bool session_owns(const struct session *session, const char *csrf);

/* Marks as ended what was unused for too long or is too old. */
void sessions_expire(struct sessions *sessions, uint64_t now_us);

/* Closes the connections and forgets the password. Nobody may hold the session any longer. */
void session_remove(struct sessions *sessions, struct session *session);

#endif
