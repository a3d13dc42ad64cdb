#include "uplink/uplink.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "proto/limits.h"
#include "uplink/delivery.h"
#include "uplink/host_name.h"
#include "uplink/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Less than the handshake time-out of zsocket (10 s): an overloaded collector then shows as "no connection in time" and
 * not as a handshake that broke off. */
#define ANSWER_MS 9000
#define SWEEPS_MAX 72 /* one running, and a full queue */

struct uplink {
    struct uplink_config config;
    uint64_t instance; /* of this start: two of them alternating on one key are a clone */
    struct session session;
    struct delivery delivery;
    struct link *link;
    const char *complaint; /* the failure that was logged last */
    int64_t since_us, clock_offset_us;
};

static void feed(struct uplink *uplink, enum session_event event, uint64_t now_us);

static const char *endpoint_of(const struct uplink *uplink)
{
    return uplink->config.enrolment.endpoints[uplink->session.endpoint];
}

static int transmit(struct uplink *uplink, Envelope *envelope)
{
    uint8_t *frame = NULL;
    size_t len = 0;
    int error = wire_encode(envelope, &frame, &len);
    if (error) {
        log_error("session", endpoint_of(uplink), "cannot encode a message: %s", wire_error_text(error));
        return -EINVAL;
    }
    error = uplink->link ? link_send(uplink->link, frame, len) : -ENOTCONN;
    free(frame);
    return error;
}

bool uplink_send(struct uplink *uplink, Envelope *envelope)
{
    return uplink->session.state == SESSION_ONLINE && transmit(uplink, envelope) == 0;
}

static void describe_spool(struct uplink *uplink, Natsweep__Spool *message)
{
    struct spool_stats stats;
    spool_get_stats(uplink->config.spool, &stats);
    natsweep__spool__init(message);
    message->depth = (uint32_t)stats.depth;
    message->bytes = (uint64_t)stats.bytes;
    message->oldest_at_us = stats.oldest_at_us;
    message->lost = (uint64_t)stats.lost;
}

static size_t list_sweeps(struct uplink *uplink, struct uplink_sweep sweeps[SWEEPS_MAX])
{
    return uplink->config.hooks.sweeps(uplink->config.hooks.argument, sweeps, SWEEPS_MAX);
}

static void send_hello(struct uplink *uplink)
{
    char hostname[WIRE_NAME_BYTES_MAX];
    uint64_t finished[HELLO_SWEEPS_MAX];
    struct uplink_sweep sweeps[SWEEPS_MAX];
    Natsweep__SweepKey keys[SWEEPS_MAX], *pointers[SWEEPS_MAX];
    Natsweep__Spool spool;
    Natsweep__Hello hello = NATSWEEP__HELLO__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;

    describe_spool(uplink, &spool);
    hello.instance = uplink->instance;
    hello.agent_version = (char *)NATSWEEP_VERSION;
    hello.hostname = (char *)host_name(hostname);
    hello.clock_us = clock_wall_us();
    hello.n_running = list_sweeps(uplink, sweeps);
    for (size_t i = 0; i < hello.n_running; i++) {
        natsweep__sweep_key__init(&keys[i]);
        keys[i].sweep_id = sweeps[i].sweep_id;
        keys[i].generation = sweeps[i].generation;
        pointers[i] = &keys[i];
    }
    hello.running = pointers;
    hello.finished = finished;
    hello.n_finished = spool_sweeps(uplink->config.spool, finished, HELLO_SWEEPS_MAX);
    hello.spool = &spool;
    hello.live = uplink->config.live;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HELLO;
    envelope.hello = &hello;
    if (transmit(uplink, &envelope))
        log_debug("session", endpoint_of(uplink), "the hello could not be sent");
}

static void send_heartbeat(struct uplink *uplink)
{
    struct uplink_sweep sweeps[SWEEPS_MAX];
    Natsweep__Spool spool;
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    Natsweep__Heartbeat heartbeat = NATSWEEP__HEARTBEAT__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;

    describe_spool(uplink, &spool);
    heartbeat.clock_us = clock_wall_us();
    heartbeat.spool = &spool;
    if (list_sweeps(uplink, sweeps) > 0 && sweeps[0].running) {
        key.sweep_id = sweeps[0].sweep_id;
        key.generation = sweeps[0].generation;
        heartbeat.running = &key;
    }
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HEARTBEAT;
    envelope.heartbeat = &heartbeat;
    if (transmit(uplink, &envelope))
        log_debug("session", endpoint_of(uplink), "a heartbeat could not be sent");
}

static void send_reports(struct uplink *uplink, uint64_t now_us)
{
    delivery_overdue(&uplink->delivery, now_us);
    while (delivery_may_send(&uplink->delivery, now_us)) {
        struct spool_batch batch;
        if (spool_next(uplink->config.spool, uplink->delivery.sequence, &batch))
            return; /* nothing there, or the spool has logged why not */
        int error = link_send(uplink->link, batch.frame.bytes, batch.frame.len);
        free(batch.frame.bytes);
        if (error)
            return; /* the next heartbeat or acknowledgement comes back here */
        delivery_sent(&uplink->delivery, batch.sequence, batch.sweep_id, batch.batch, now_us);
    }
}

static void connect_link(struct uplink *uplink, uint64_t now_us)
{
    const uint8_t *server_key = uplink->config.enrolment.server_keys[uplink->session.key];
    log_debug("session", endpoint_of(uplink), "connecting");
    int error = link_open(uplink->config.context, &uplink->config.key, endpoint_of(uplink), server_key, &uplink->link);
    if (!error)
        return;
    log_warning("session", endpoint_of(uplink), "cannot begin to connect: %s", zmq_strerror(-error));
    feed(uplink, SESSION_UNREACHABLE, now_us);
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

static void feed(struct uplink *uplink, enum session_event event, uint64_t now_us)
{
    const char *endpoint = endpoint_of(uplink);
    enum session_state was = uplink->session.state;
    enum session_action action = session_handle(&uplink->session, event, now_us, random_u64());
    if (uplink->session.state != was)
        log_change(uplink, endpoint);
    switch (action) {
    case SESSION_NOTHING: break;
    case SESSION_CONNECT: connect_link(uplink, now_us); break;
    case SESSION_GREET: send_hello(uplink); break;
    case SESSION_SERVE:
        delivery_reset(&uplink->delivery);
        uplink->config.hooks.online(uplink->config.hooks.argument);
        break;
    case SESSION_HEARTBEAT: send_heartbeat(uplink); break;
    case SESSION_HANG_UP: hang_up(uplink); break;
    }
}

static size_t place_of_endpoint(const struct enrolment *enrolment, const char *endpoint)
{
    for (size_t i = 0; i < enrolment->endpoint_count; i++)
        if (strcmp(enrolment->endpoints[i], endpoint) == 0)
            return i;
    return SIZE_MAX;
}

static size_t place_of_key(const struct enrolment *enrolment, const uint8_t key[CURVE_KEY_BYTES])
{
    for (size_t i = 0; i < enrolment->key_count; i++)
        if (memcmp(enrolment->server_keys[i], key, CURVE_KEY_BYTES) == 0)
            return i;
    return SIZE_MAX;
}

/* The session goes on, and the next one knows better. */
static void learn_collectors(struct uplink *uplink, const Natsweep__Welcome *welcome)
{
    struct enrolment learned = uplink->config.enrolment;
    struct session *session = &uplink->session;
    if (!uplink->config.hooks.directory(uplink->config.hooks.argument, welcome, &learned))
        return;
    const uint8_t *key = uplink->config.enrolment.server_keys[session->key];
    session_relist(session, learned.endpoint_count, learned.key_count, place_of_endpoint(&learned, endpoint_of(uplink)),
                   place_of_key(&learned, key));
    uplink->config.enrolment = learned;
}

static void on_welcome(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    const Natsweep__Welcome *welcome = envelope->welcome;
    session_obey(&uplink->session, welcome->heartbeat_ms, welcome->retry_ms);
    if (welcome->message && welcome->message[0])
        log_info("session", endpoint_of(uplink), "the collector says: %s", welcome->message);
    switch (welcome->status) {
    case NATSWEEP__WELCOME__STATUS__WELCOME:
        learn_collectors(uplink, welcome);
        if (__builtin_sub_overflow(welcome->clock_us, clock_wall_us(), &uplink->clock_offset_us))
            uplink->clock_offset_us = 0; /* no clock shows that: nothing can be said of ours */
        feed(uplink, SESSION_WELCOME, now_us);
        break;
    case NATSWEEP__WELCOME__STATUS__REVOKED:
    case NATSWEEP__WELCOME__STATUS__VERSION_TOO_OLD: feed(uplink, SESSION_TURNED_AWAY, now_us); break;
    default: feed(uplink, SESSION_PUT_OFF, now_us); break;
    }
}

static void on_start_sweep(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    (void)now_us;
    uplink->config.hooks.start_sweep(uplink->config.hooks.argument, envelope->start_sweep);
}

static void on_cancel(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    (void)now_us;
    uplink->config.hooks.cancel(uplink->config.hooks.argument, envelope->cancel);
}

static void on_change_key(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    (void)envelope;
    (void)now_us;
    struct curve_key_pair next;
    if (!uplink->config.hooks.next_key(uplink->config.hooks.argument, &next))
        return;
    Natsweep__NewKey new_key = NATSWEEP__NEW_KEY__INIT;
    Envelope answer = NATSWEEP__ENVELOPE__INIT;
    new_key.public_key = (ProtobufCBinaryData){.len = CURVE_KEY_BYTES, .data = next.public_key};
    answer.body_case = NATSWEEP__ENVELOPE__BODY_NEW_KEY;
    answer.new_key = &new_key;
    if (transmit(uplink, &answer))
        log_debug("session", endpoint_of(uplink), "the new key could not be sent: it will be asked for again");
    explicit_bzero(&next, sizeof next);
}

/* The collector lets both keys in until the new one has been used. */
static void on_key_changed(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    struct curve_key_pair next;
    const uint8_t *public_key = envelope->key_changed->public_key.data;
    if (!uplink->config.hooks.use_next_key(uplink->config.hooks.argument, public_key, &next))
        return;
    uplink->config.key = next;
    explicit_bzero(&next, sizeof next);
    feed(uplink, SESSION_REKEYED, now_us);
}

static int settle(struct uplink *uplink, Natsweep__BatchKey *const *keys, size_t count, bool rejected)
{
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        error = spool_settle(uplink->config.spool, keys[i]->sweep_id, keys[i]->batch, rejected);
        delivery_settled(&uplink->delivery, keys[i]->sweep_id, keys[i]->batch);
    }
    return error;
}

/* One transaction a message: an acknowledgement forgotten in a crash only means that a batch is sent again. */
static void on_ack(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    (void)now_us;
    const Natsweep__Ack *ack = envelope->ack;
    struct database *database = uplink->config.spool->database;
    if (ack->n_rejected > 0)
        log_error("session", endpoint_of(uplink), "%zu report batches will never be stored: %s", ack->n_rejected,
                  ack->message && ack->message[0] ? ack->message : "no reason given");
    int error = database_begin(database);
    if (!error)
        error = settle(uplink, ack->stored, ack->n_stored, false);
    if (!error)
        error = settle(uplink, ack->rejected, ack->n_rejected, true);
    if (!error)
        error = database_commit(database);
    else
        database_rollback(database);
    if (error)
        log_error("spool", NULL, "cannot delete what was acknowledged, it will be sent again: %s", strerror(-error));
    if (!error && uplink->delivery.count == 0)
        database_rest(database);
}

static void on_wait(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    log_debug("session", endpoint_of(uplink), "asked to keep reports for %u ms", (unsigned)envelope->wait->wait_ms);
    delivery_hold(&uplink->delivery, now_us, envelope->wait->wait_ms);
}

static const struct {
    Natsweep__Envelope__BodyCase body;
    bool needs_session; /* nothing but a welcome comes before the session stands */
    void (*handle)(struct uplink *uplink, const Envelope *envelope, uint64_t now_us);
} handlers[] = {
    {NATSWEEP__ENVELOPE__BODY_WELCOME, false, on_welcome},
    {NATSWEEP__ENVELOPE__BODY_START_SWEEP, true, on_start_sweep},
    {NATSWEEP__ENVELOPE__BODY_CANCEL, true, on_cancel},
    {NATSWEEP__ENVELOPE__BODY_ACK, true, on_ack},
    {NATSWEEP__ENVELOPE__BODY_WAIT, true, on_wait},
    {NATSWEEP__ENVELOPE__BODY_CHANGE_KEY, true, on_change_key},
    {NATSWEEP__ENVELOPE__BODY_KEY_CHANGED, true, on_key_changed},
};

static void handle_message(struct uplink *uplink, zmq_msg_t *message, uint64_t now_us)
{
    Envelope *envelope;
    session_heard(&uplink->session, now_us);
    int error = wire_decode(zmq_msg_data(message), zmq_msg_size(message), &envelope);
    if (error) { /* perhaps of a newer collector; it will see that no answer comes */
        log_warning("session", endpoint_of(uplink), "ignored a message: %s", wire_error_text(error));
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(handlers); i++)
        if (handlers[i].body == envelope->body_case &&
            (!handlers[i].needs_session || uplink->session.state == SESSION_ONLINE))
            handlers[i].handle(uplink, envelope, now_us);
    wire_free(envelope);
}

static void receive(struct uplink *uplink, uint64_t now_us)
{
    zmq_msg_t message;
    int error;
    while (uplink->link && (error = link_receive(uplink->link, &message)) != -EAGAIN) {
        if (error == -EPROTO)
            continue;
        if (error)
            return;
        handle_message(uplink, &message, now_us);
        zmq_msg_close(&message);
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
        feed(uplink, events[event], now_us);
}

void uplink_handle(struct uplink *uplink, uint64_t now_us)
{
    enum session_event event;
    if (session_slept(&uplink->session, now_us))
        feed(uplink, SESSION_SLEPT, now_us);
    receive(uplink, now_us); /* first: what has come may disprove that the collector is silent or gone */
    watch_link(uplink, now_us);
    while (session_due(&uplink->session, now_us, &event))
        feed(uplink, event, now_us);
    if (uplink->session.state == SESSION_ONLINE)
        send_reports(uplink, now_us);
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
    feed(uplink, SESSION_STOP, 0);
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
                                     .endpoint = endpoint_of(uplink),
                                     .since_us = uplink->since_us,
                                     .clock_offset_us = uplink->clock_offset_us};
}
