/* The life of the connection to a collector (pure): where to connect, when to greet, beat, give up and try again. Time
 * and chance are handed in; what it wants done comes back as an action. */
#ifndef UPLINK_SESSION_H
#define UPLINK_SESSION_H

#include "base/backoff.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SESSION_MISSES 4 /* heartbeats of silence that mean the collector is gone */

enum session_state { SESSION_WAITING, SESSION_CONNECTING, SESSION_GREETING, SESSION_ONLINE, SESSION_STOPPED };

enum session_event {
    SESSION_DUE,          /* the wait before an attempt is over */
    SESSION_CONNECTED,    /* TCP and CURVE stand */
    SESSION_UNREACHABLE,  /* no TCP connection */
    SESSION_WRONG_KEY,    /* the handshake broke off: that server does not hold the key we trust */
    SESSION_NOT_ADMITTED, /* the collector does not know our key, or has revoked it */
    SESSION_CLOSED,       /* the other side hung up */
    SESSION_NO_ANSWER,    /* no connection, or no welcome, in time */
    SESSION_WELCOME,
    SESSION_PUT_OFF,     /* told to come back later: pending approval, no database */
    SESSION_TURNED_AWAY, /* revoked, or too old a version */
    SESSION_BEAT,        /* a heartbeat is due */
    SESSION_SILENT,      /* SESSION_MISSES heartbeats passed without a message */
    SESSION_SLEPT,       /* SESSION_MISSES heartbeats were due and not sent: nobody counts on this session any more */
    SESSION_REKEYED,     /* this agent's key has been replaced */
    SESSION_STOP
};

enum session_action {
    SESSION_NOTHING,
    SESSION_CONNECT,
    SESSION_GREET,
    SESSION_SERVE,
    SESSION_HEARTBEAT,
    SESSION_HANG_UP
};

struct session_settings {
    size_t endpoints, keys; /* how many there are to try; at least 1 each */
    uint32_t heartbeat_ms;
    uint32_t answer_ms; /* for connection and welcome together */
    uint32_t retry_ms, retry_max_ms;
};

struct session {
    struct session_settings settings;
    enum session_state state;
    size_t endpoint, key; /* of this or the next attempt */
    size_t keys_tried;    /* in vain at this endpoint */
    struct backoff backoff;
    uint32_t heartbeat_ms, hint_ms;
    uint64_t due_us;            /* end of a wait, or of patience with an attempt */
    uint64_t heard_us, beat_us; /* last message from the collector, last heartbeat sent */
    const char *why;            /* of the last transition, as a sentence's end; static */
};

/* The first attempt is due at a random moment within retry_ms from `now_us`, at a random endpoint. */
struct session session_make(const struct session_settings *settings, uint64_t now_us, uint64_t random);

/* Takes one event. An event that means nothing in this state changes nothing. */
enum session_action session_handle(struct session *session, enum session_event event, uint64_t now_us, uint64_t random);

/* Whether time itself has brought an event, and which; ask again until false. */
bool session_due(const struct session *session, uint64_t now_us, enum session_event *event);
uint64_t session_wake_us(const struct session *session); /* when to ask again; UINT64_MAX = never */

/* Whether this process did not come to its heartbeats, stopped or starved: what has arrived meanwhile is stale. */
bool session_slept(const struct session *session, uint64_t now_us);

/* The lists have changed: the endpoint and the key in use have other places now, or none (SIZE_MAX). */
void session_relist(struct session *session, size_t endpoints, size_t keys, size_t endpoint, size_t key);

void session_heard(struct session *session, uint64_t now_us); /* any message from the collector */
/* What a welcome asks for: 0 keeps what is. A beat of 1 to 300 seconds is obeyed; `retry_ms` is the least wait when put
 * off. */
void session_obey(struct session *session, uint32_t heartbeat_ms, uint32_t retry_ms);

const char *session_state_word(enum session_state state);
void session_print(FILE *out); /* the transition table, a line a row */

#endif
