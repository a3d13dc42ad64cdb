#include "gateway/answer.h"

#include "base/clock.h"
#include "gateway/inbound.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static int send_envelope(void *router, const struct route *route, Envelope *envelope)
{
    uint8_t *frame;
    size_t len;
    int error = wire_encode(envelope, &frame, &len);
    if (error)
        return error == WIRE_MEMORY ? -ENOMEM : -EINVAL;
    error = inbound_answer(router, route, frame, len);
    free(frame);
    return error;
}

/* protobuf-c never writes through its strings, but declares them writable. */
static char *text_of(const char *text)
{
    return (char *)(text ? text : "");
}

int answer_welcome(void *router, const struct route *route, const struct answer_welcome *facts)
{
    Natsweep__Welcome welcome = NATSWEEP__WELCOME__INIT;
    welcome.status = facts->status;
    welcome.clock_us = clock_wall_us();
    welcome.heartbeat_ms = facts->heartbeat_ms;
    welcome.retry_ms = facts->retry_ms;
    welcome.site = text_of(facts->site);
    welcome.message = text_of(facts->message);
    struct directory_lists lists;
    if (facts->directory) {
        directory_lend(facts->directory, &lists);
        welcome.endpoints = lists.endpoints;
        welcome.n_endpoints = facts->directory->endpoint_count;
        welcome.server_keys = lists.keys;
        welcome.n_server_keys = facts->directory->key_count;
    }
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_WELCOME;
    envelope.welcome = &welcome;
    return send_envelope(router, route, &envelope);
}

int answer_heartbeat(void *router, const struct route *route)
{
    Natsweep__Heartbeat heartbeat = NATSWEEP__HEARTBEAT__INIT;
    heartbeat.clock_us = clock_wall_us();
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HEARTBEAT;
    envelope.heartbeat = &heartbeat;
    return send_envelope(router, route, &envelope);
}

int answer_wait(void *router, const struct route *route, uint32_t wait_ms)
{
    Natsweep__Wait wait = NATSWEEP__WAIT__INIT;
    wait.wait_ms = wait_ms;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_WAIT;
    envelope.wait = &wait;
    return send_envelope(router, route, &envelope);
}

struct ack_keys {
    Natsweep__BatchKey keys[HELLO_SWEEPS_MAX];
    Natsweep__BatchKey *pointers[HELLO_SWEEPS_MAX];
    size_t count;
};

static void add_key(struct ack_keys *list, const struct delivery *delivery)
{
    const Natsweep__ReportBatch *report = delivery->envelope->report_batch;
    Natsweep__BatchKey *key = &list->keys[list->count];
    natsweep__batch_key__init(key);
    key->sweep_id = report->sweep_id;
    key->batch = report->batch;
    list->pointers[list->count++] = key;
}

int answer_ack(void *router, const struct route *route, struct delivery *const *deliveries, size_t count)
{
    assert(count <= HELLO_SWEEPS_MAX);
    struct ack_keys stored = {.count = 0}, rejected = {.count = 0};
    Natsweep__Ack ack = NATSWEEP__ACK__INIT;
    for (size_t i = 0; i < count; i++) {
        if (deliveries[i]->fate == DELIVERY_STORED)
            add_key(&stored, deliveries[i]);
        if (deliveries[i]->fate != DELIVERY_REJECTED)
            continue;
        if (rejected.count == 0)
            ack.message = deliveries[i]->message;
        add_key(&rejected, deliveries[i]);
    }
    if (stored.count + rejected.count == 0)
        return 0;
    ack.stored = stored.pointers;
    ack.n_stored = stored.count;
    ack.rejected = rejected.pointers;
    ack.n_rejected = rejected.count;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ACK;
    envelope.ack = &ack;
    return send_envelope(router, route, &envelope);
}

int answer_enroll_unavailable(void *router, const struct route *route, const char *message)
{
    Natsweep__Enrolled enrolled = NATSWEEP__ENROLLED__INIT;
    enrolled.status = NATSWEEP__ENROLLED__STATUS__UNAVAILABLE;
    enrolled.message = text_of(message);
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ENROLLED;
    envelope.enrolled = &enrolled;
    return send_envelope(router, route, &envelope);
}
