#include "uplink/incoming.h"

#include "base/clock.h"
#include "base/log.h"
#include "uplink/outgoing.h"

#include <errno.h>
#include <string.h>

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
    session_relist(session, learned.endpoint_count, learned.key_count,
                   place_of_endpoint(&learned, uplink_endpoint(uplink)), place_of_key(&learned, key));
    uplink->config.enrolment = learned;
}

static void on_welcome(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    const Natsweep__Welcome *welcome = envelope->welcome;
    session_obey(&uplink->session, welcome->heartbeat_ms, welcome->retry_ms);
    if (welcome->message && welcome->message[0])
        log_info("session", uplink_endpoint(uplink), "the collector says: %s", welcome->message);
    switch (welcome->status) {
    case NATSWEEP__WELCOME__STATUS__WELCOME:
        learn_collectors(uplink, welcome);
        if (__builtin_sub_overflow(welcome->clock_us, clock_wall_us(), &uplink->clock_offset_us))
            uplink->clock_offset_us = 0; /* no clock shows that: nothing can be said of ours */
        uplink_feed(uplink, SESSION_WELCOME, now_us);
        break;
    case NATSWEEP__WELCOME__STATUS__REVOKED:
    case NATSWEEP__WELCOME__STATUS__VERSION_TOO_OLD: uplink_feed(uplink, SESSION_TURNED_AWAY, now_us); break;
    default: uplink_feed(uplink, SESSION_PUT_OFF, now_us); break;
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
    if (outgoing_send(uplink, &answer))
        log_debug("session", uplink_endpoint(uplink), "the new key could not be sent: it will be asked for again");
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
    uplink_feed(uplink, SESSION_REKEYED, now_us);
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
        log_error("session", uplink_endpoint(uplink), "%zu report batches will never be stored: %s", ack->n_rejected,
                  ack->message && ack->message[0] ? ack->message : "no reason given");
    int error = database_begin(database);
    if (!error)
        error = settle(uplink, ack->stored, ack->n_stored, false);
    if (!error)
        error = settle(uplink, ack->rejected, ack->n_rejected, true);
    error = database_conclude(database, error);
    if (error)
        log_error("spool", NULL, "cannot delete what was acknowledged, it will be sent again: %s", strerror(-error));
    if (!error && uplink->delivery.count == 0)
        database_rest(database);
}

static void on_wait(struct uplink *uplink, const Envelope *envelope, uint64_t now_us)
{
    log_debug("session", uplink_endpoint(uplink), "asked to keep reports for %u ms", (unsigned)envelope->wait->wait_ms);
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
        log_warning("session", uplink_endpoint(uplink), "ignored a message: %s", wire_error_text(error));
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(handlers); i++)
        if (handlers[i].body == envelope->body_case &&
            (!handlers[i].needs_session || uplink->session.state == SESSION_ONLINE))
            handlers[i].handle(uplink, envelope, now_us);
    wire_free(envelope);
}

void incoming_read(struct uplink *uplink, uint64_t now_us)
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
