#include "uplink/session.h"

#include "base/attributes.h"

#define HEARTBEAT_LEAST_MS 1000u
#define HEARTBEAT_MOST_MS 300000u

struct transition {
    enum session_state from;
    enum session_event event;
    enum session_state to;
    enum session_action action;
    const char *why; /* NULL: what was true before still explains the state best */
};

static const char no_tcp[] = "nothing answers at that address: is the collector up, and does a firewall let us out?";
static const char wrong_key[] = "the handshake failed: that server does not hold the public key this agent trusts";
static const char not_admitted[] = "the collector does not admit this agent's key: it is not enrolled, or was revoked";
static const char put_off[] =
    "the collector asks to come back later, as when it is busy or an operator has still to approve this agent";
static const char hung_up[] = "the collector hung up";

static const struct transition transitions[] = {
    {SESSION_WAITING, SESSION_DUE, SESSION_CONNECTING, SESSION_CONNECT, NULL},
    {SESSION_CONNECTING, SESSION_CONNECTED, SESSION_GREETING, SESSION_GREET, NULL},
    {SESSION_CONNECTING, SESSION_UNREACHABLE, SESSION_WAITING, SESSION_HANG_UP, no_tcp},
    {SESSION_CONNECTING, SESSION_WRONG_KEY, SESSION_WAITING, SESSION_HANG_UP, wrong_key},
    {SESSION_CONNECTING, SESSION_NOT_ADMITTED, SESSION_WAITING, SESSION_HANG_UP, not_admitted},
    {SESSION_CONNECTING, SESSION_CLOSED, SESSION_WAITING, SESSION_HANG_UP, hung_up},
    {SESSION_CONNECTING, SESSION_NO_ANSWER, SESSION_WAITING, SESSION_HANG_UP, "no connection in time"},
    {SESSION_GREETING, SESSION_WELCOME, SESSION_ONLINE, SESSION_SERVE, "the collector bids welcome"},
    {SESSION_GREETING, SESSION_PUT_OFF, SESSION_WAITING, SESSION_HANG_UP, put_off},
    {SESSION_GREETING, SESSION_TURNED_AWAY, SESSION_WAITING, SESSION_HANG_UP, "the collector turns this agent away"},
    {SESSION_GREETING, SESSION_CLOSED, SESSION_WAITING, SESSION_HANG_UP, hung_up},
    {SESSION_GREETING, SESSION_NO_ANSWER, SESSION_WAITING, SESSION_HANG_UP, "no answer to our hello in time"},
    {SESSION_ONLINE, SESSION_BEAT, SESSION_ONLINE, SESSION_HEARTBEAT, NULL},
    {SESSION_ONLINE, SESSION_SILENT, SESSION_WAITING, SESSION_HANG_UP, "the collector has fallen silent"},
    {SESSION_ONLINE, SESSION_SLEPT, SESSION_WAITING, SESSION_HANG_UP, "this process did not run for a while"},
    {SESSION_ONLINE, SESSION_CLOSED, SESSION_WAITING, SESSION_HANG_UP, hung_up},
    {SESSION_ONLINE, SESSION_PUT_OFF, SESSION_WAITING, SESSION_HANG_UP, put_off},
    {SESSION_ONLINE, SESSION_TURNED_AWAY, SESSION_WAITING, SESSION_HANG_UP, "the collector turns this agent away"},
    {SESSION_ONLINE, SESSION_REKEYED, SESSION_WAITING, SESSION_HANG_UP, "this agent comes back by its new key"},
    {SESSION_WAITING, SESSION_STOP, SESSION_STOPPED, SESSION_NOTHING, "the agent stops"},
    {SESSION_CONNECTING, SESSION_STOP, SESSION_STOPPED, SESSION_HANG_UP, "the agent stops"},
    {SESSION_GREETING, SESSION_STOP, SESSION_STOPPED, SESSION_HANG_UP, "the agent stops"},
    {SESSION_ONLINE, SESSION_STOP, SESSION_STOPPED, SESSION_HANG_UP, "the agent stops"},
};

static const char *const state_words[] = {"waiting", "connecting", "greeting", "online", "stopped"};
static const char *const event_words[] = {"due",    "connected", "unreachable", "wrong_key", "not_admitted",
                                          "closed", "no_answer", "welcome",     "put_off",   "turned_away",
                                          "beat",   "silent",    "slept",       "rekeyed",   "stop"};

static uint64_t after_ms(uint64_t now_us, uint64_t wait_ms)
{
    return now_us + wait_ms * 1000;
}

/* The key at an endpoint's own place is most likely its key. */
static void go_to_endpoint(struct session *session, size_t endpoint)
{
    session->endpoint = endpoint % session->settings.endpoints;
    session->key = session->endpoint % session->settings.keys;
    session->keys_tried = 0;
}

/* A server with the wrong key may be sound and the key being replaced, so the other keys are tried on the same endpoint
 * first. */
static void choose_next(struct session *session, enum session_event event)
{
    if (event != SESSION_WRONG_KEY || ++session->keys_tried >= session->settings.keys)
        go_to_endpoint(session, session->endpoint + 1);
    else
        session->key = (session->key + 1) % session->settings.keys;
}

static void enter_waiting(struct session *session, enum session_event event, uint64_t now_us, uint64_t random)
{
    uint64_t wait_ms = backoff_next_ms(&session->backoff, random);
    if (event == SESSION_PUT_OFF)
        wait_ms += session->hint_ms;
    if (event == SESSION_TURNED_AWAY) /* only a person can mend this */
        wait_ms += session->settings.retry_max_ms;
    session->due_us = after_ms(now_us, wait_ms);
    session->hint_ms = 0;
    choose_next(session, event);
}

/* The one place that changes the state. */
static void enter(struct session *session, const struct transition *row, uint64_t now_us, uint64_t random)
{
    session->state = row->to;
    if (row->why)
        session->why = row->why;
    switch (row->to) {
    case SESSION_WAITING: enter_waiting(session, row->event, now_us, random); break;
    case SESSION_CONNECTING: session->due_us = after_ms(now_us, session->settings.answer_ms); break;
    case SESSION_ONLINE:
        if (row->event == SESSION_WELCOME) {
            backoff_reset(&session->backoff);
            session->heard_us = now_us;
        }
        session->beat_us = now_us;
        break;
    case SESSION_GREETING: /* the patience of the attempt goes on */
    case SESSION_STOPPED: break;
    }
}

struct session session_make(const struct session_settings *settings, uint64_t now_us, uint64_t random)
{
    struct session session = {.settings = *settings,
                              .state = SESSION_WAITING,
                              .backoff = backoff_make(settings->retry_ms, settings->retry_max_ms),
                              .heartbeat_ms = settings->heartbeat_ms,
                              .why = "the agent starts"};
    go_to_endpoint(&session, (size_t)((random >> 32) % settings->endpoints));
    /* Agents start when a site's power comes back, and that may be many sites. */
    session.due_us = after_ms(now_us, (uint32_t)random % ((uint64_t)settings->retry_ms + 1));
    return session;
}

enum session_action session_handle(struct session *session, enum session_event event, uint64_t now_us, uint64_t random)
{
    for (size_t i = 0; i < ARRAY_LEN(transitions); i++) {
        const struct transition *row = &transitions[i];
        if (row->from == session->state && row->event == event) {
            enter(session, row, now_us, random);
            return row->action;
        }
    }
    return SESSION_NOTHING;
}

static uint64_t silent_us(const struct session *session)
{
    return after_ms(session->heard_us, (uint64_t)session->heartbeat_ms * SESSION_MISSES);
}

bool session_due(const struct session *session, uint64_t now_us, enum session_event *event)
{
    if (now_us < session_wake_us(session))
        return false;
    if (session->state == SESSION_ONLINE)
        *event = now_us >= silent_us(session) ? SESSION_SILENT : SESSION_BEAT;
    else
        *event = session->state == SESSION_WAITING ? SESSION_DUE : SESSION_NO_ANSWER;
    return true;
}

bool session_slept(const struct session *session, uint64_t now_us)
{
    return session->state == SESSION_ONLINE &&
           now_us >= after_ms(session->beat_us, (uint64_t)session->heartbeat_ms * SESSION_MISSES);
}

uint64_t session_wake_us(const struct session *session)
{
    if (session->state == SESSION_STOPPED)
        return UINT64_MAX;
    if (session->state != SESSION_ONLINE)
        return session->due_us;
    uint64_t beat_us = after_ms(session->beat_us, session->heartbeat_ms);
    return beat_us < silent_us(session) ? beat_us : silent_us(session);
}

void session_relist(struct session *session, size_t endpoints, size_t keys, size_t endpoint, size_t key)
{
    session->settings.endpoints = endpoints;
    session->settings.keys = keys;
    go_to_endpoint(session, endpoint < endpoints ? endpoint : 0);
    if (key < keys)
        session->key = key;
}

void session_heard(struct session *session, uint64_t now_us)
{
    session->heard_us = now_us;
}

void session_obey(struct session *session, uint32_t heartbeat_ms, uint32_t retry_ms)
{
    if (heartbeat_ms >= HEARTBEAT_LEAST_MS && heartbeat_ms <= HEARTBEAT_MOST_MS)
        session->heartbeat_ms = heartbeat_ms;
    session->hint_ms = retry_ms < session->settings.retry_max_ms ? retry_ms : session->settings.retry_max_ms;
}

const char *session_state_word(enum session_state state)
{
    return state_words[state];
}

void session_print(FILE *out)
{
    for (size_t i = 0; i < ARRAY_LEN(transitions); i++)
        fprintf(out, "%-10s %-12s -> %-10s %s\n", state_words[transitions[i].from], event_words[transitions[i].event],
                state_words[transitions[i].to], transitions[i].why ? transitions[i].why : "");
}
