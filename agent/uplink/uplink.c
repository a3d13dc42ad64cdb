#include "uplink/uplink.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "uplink/incoming.h"
#include "uplink/outgoing.h"

#include <stdlib.h>
#include <string.h>

/* Less than the handshake time-out of zsocket (10 s): an overloaded collector then shows as "no connection in time" and
 * not as a handshake that broke off. */
#define ANSWER_MS 9000

const char *uplink_endpoint(const struct uplink *uplink)
{
    return uplink->config.enrolment.endpoints[uplink->session.endpoint];
}

bool uplink_send(struct uplink *uplink, Envelope *envelope)
{
    return uplink->session.state == SESSION_ONLINE && outgoing_send(uplink, envelope) == 0;
}

static void connect_link(struct uplink *uplink, uint64_t now_us)
{
    const uint8_t *server_key = uplink->config.enrolment.server_keys[uplink->session.key];
    log_debug("session", uplink_endpoint(uplink), "connecting");
    int error =
        link_open(uplink->config.context, &uplink->config.key, uplink_endpoint(uplink), server_key, &uplink->link);
    if (!error)
        return;
    log_warning("session", uplink_endpoint(uplink), "cannot begin to connect: %s", zmq_strerror(-error));
    uplink_feed(uplink, SESSION_UNREACHABLE, now_us);
}

static void hang_up(struct uplink *uplink)
{
    link_close(uplink->link);
    uplink->link = NULL;
}

/* The same failure again, attempt after attempt, is said once. */
static void log_change(struct uplink *uplink, const char *endpoint)
{
    const struct session *session = &uplink->session;
    uplink->since_us = clock_wall_us();
    if (session->state == SESSION_ONLINE) {
        uplink->complaint = NULL;
        log_info("session", endpoint, "online: %s", session->why);
    } else if (session->state == SESSION_WAITING && session->why != uplink->complaint) {
        uplink->complaint = session->why;
        log_warning("session", endpoint, "%s", session->why);
    } else {
        log_debug("session", endpoint, "%s: %s", session_state_word(session->state), session->why);
    }
}

void uplink_feed(struct uplink *uplink, enum session_event event, uint64_t now_us)
{
    const char *endpoint = uplink_endpoint(uplink);
    enum session_state was = uplink->session.state;
    enum session_action action = session_handle(&uplink->session, event, now_us, random_u64());
    if (uplink->session.state != was)
        log_change(uplink, endpoint);
    switch (action) {
    case SESSION_NOTHING: break;
    case SESSION_CONNECT: connect_link(uplink, now_us); break;
    case SESSION_GREET: outgoing_hello(uplink); break;
    case SESSION_SERVE:
        delivery_reset(&uplink->delivery);
        uplink->config.hooks.online(uplink->config.hooks.argument);
        break;
    case SESSION_HEARTBEAT: outgoing_heartbeat(uplink); break;
    case SESSION_HANG_UP: hang_up(uplink); break;
    }
}

static void watch_link(struct uplink *uplink, uint64_t now_us)
{
    static const enum session_event events[] = {[LINK_CONNECTED] = SESSION_CONNECTED,
                                                [LINK_UNREACHABLE] = SESSION_UNREACHABLE,
                                                [LINK_WRONG_KEY] = SESSION_WRONG_KEY,
                                                [LINK_NOT_ADMITTED] = SESSION_NOT_ADMITTED,
                                                [LINK_CLOSED] = SESSION_CLOSED};
    enum link_event event;
    while (uplink->link && (event = link_next_event(uplink->link)) != LINK_NONE)
        uplink_feed(uplink, events[event], now_us);
}

void uplink_handle(struct uplink *uplink, uint64_t now_us)
{
    enum session_event event;
    if (session_slept(&uplink->session, now_us))
        uplink_feed(uplink, SESSION_SLEPT, now_us);
    incoming_read(uplink, now_us); /* first: what has come may disprove that the collector is silent or gone */
    watch_link(uplink, now_us);
    while (session_due(&uplink->session, now_us, &event))
        uplink_feed(uplink, event, now_us);
    if (uplink->session.state == SESSION_ONLINE)
        outgoing_reports(uplink, now_us);
}

struct uplink *uplink_create(const struct uplink_config *config, uint64_t now_us)
{
    struct uplink *uplink = calloc(1, sizeof *uplink);
    if (!uplink)
        return NULL;
    uplink->config = *config;
    uplink->instance = random_u64();
    uplink->since_us = clock_wall_us();
    uplink->session = session_make(&(struct session_settings){.endpoints = config->enrolment.endpoint_count,
                                                              .keys = config->enrolment.key_count,
                                                              .heartbeat_ms = config->heartbeat_ms,
                                                              .answer_ms = ANSWER_MS,
                                                              .retry_ms = config->retry_ms,
                                                              .retry_max_ms = config->retry_max_ms},
                                   now_us, random_u64());
    return uplink;
}

void uplink_destroy(struct uplink *uplink)
{
    if (!uplink)
        return;
    uplink_feed(uplink, SESSION_STOP, 0);
    explicit_bzero(&uplink->config.key, sizeof uplink->config.key);
    free(uplink);
}

size_t uplink_poll_items(const struct uplink *uplink, zmq_pollitem_t items[LINK_POLL_ITEMS])
{
    if (!uplink->link)
        return 0;
    link_poll_items(uplink->link, items);
    return LINK_POLL_ITEMS;
}

uint64_t uplink_wake_us(const struct uplink *uplink, uint64_t now_us)
{
    uint64_t wake_us = session_wake_us(&uplink->session);
    if (uplink->session.state != SESSION_ONLINE)
        return wake_us;
    uint64_t delivery_us = delivery_wake_us(&uplink->delivery, now_us);
    return delivery_us < wake_us ? delivery_us : wake_us;
}

void uplink_get_status(const struct uplink *uplink, struct uplink_status *status)
{
    *status = (struct uplink_status){.state = session_state_word(uplink->session.state),
                                     .why = uplink->session.why,
                                     .endpoint = uplink_endpoint(uplink),
                                     .since_us = uplink->since_us,
                                     .clock_offset_us = uplink->clock_offset_us};
}
