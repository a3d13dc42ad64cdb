#include "dashboard/session.h"

#include "base/random.h"

#include <nettle/memops.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sessions_init(struct sessions *sessions, size_t max, uint64_t idle_us, uint64_t age_max_us)
{
    *sessions = (struct sessions){.max = max, .idle_us = idle_us, .age_max_us = age_max_us};
    list_init(&sessions->all);
}

static void make_token(char text[SESSION_TOKEN_TEXT_BYTES])
{
    uint8_t bytes[32];
    random_bytes(bytes, sizeof(bytes));
    (void)base64url_encode(bytes, sizeof(bytes), text);
}

struct session *session_add(struct sessions *sessions, const char *role, const char *password, uint64_t now_us)
{
    struct session *session = sessions->count < sessions->max ? calloc(1, sizeof(*session)) : NULL;
    if (!session)
        return NULL;
    make_token(session->id);
    make_token(session->csrf);
    snprintf(session->role, sizeof(session->role), "%s", role);
    snprintf(session->password, sizeof(session->password), "%s", password);
    session->started_us = session->used_us = now_us;
    list_append(&sessions->all, &session->link);
    sessions->count++;
    return session;
}

/* In the same time wherever they differ. */
static bool same_token(const char *token, const char *text)
{
    return text && strlen(text) == SESSION_TOKEN_TEXT_BYTES - 1 &&
           memeql_sec(token, text, SESSION_TOKEN_TEXT_BYTES - 1);
}

static bool is_over(const struct sessions *sessions, const struct session *session, uint64_t now_us)
{
    return now_us - session->used_us >= sessions->idle_us || now_us - session->started_us >= sessions->age_max_us;
}

struct session *session_find(struct sessions *sessions, const char *id, bool uses, uint64_t now_us)
{
    list_for_each(link, &sessions->all)
    {
        struct session *session = list_entry(link, struct session, link);
        if (!session->open || session->ended || !same_token(session->id, id))
            continue;
        if (is_over(sessions, session, now_us))
            return NULL;
        if (uses)
            session->used_us = now_us;
        return session;
    }
    return NULL;
}

bool session_owns(const struct session *session, const char *csrf)
{
    return same_token(session->csrf, csrf);
}

void sessions_expire(struct sessions *sessions, uint64_t now_us)
{
    list_for_each(link, &sessions->all)
    {
        struct session *session = list_entry(link, struct session, link);
        if (is_over(sessions, session, now_us))
            session->ended = true;
    }
}

void session_remove(struct sessions *sessions, struct session *session)
{
    for (size_t i = 0; i < SESSION_CONNECTIONS_MAX; i++)
        connection_close(&session->connections[i]);
    list_remove(&session->link);
    sessions->count--;
    explicit_bzero(session, sizeof(*session));
    free(session);
}

void sessions_clear(struct sessions *sessions)
{
    while (!list_empty(&sessions->all))
        session_remove(sessions, list_entry(sessions->all.next, struct session, link));
}
