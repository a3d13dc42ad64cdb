#include "uplink/outgoing.h"

#include "base/clock.h"
#include "base/log.h"
#include "proto/limits.h"
#include "uplink/host_name.h"

#include <errno.h>
#include <stdlib.h>

#define SWEEPS_MAX 72 /* one running, and a full queue */

int outgoing_send(struct uplink *uplink, Envelope *envelope)
{
    uint8_t *frame = NULL;
    size_t len = 0;
    int error = wire_encode(envelope, &frame, &len);
    if (error) {
        log_error("session", uplink_endpoint(uplink), "cannot encode a message: %s", wire_error_text(error));
        return -EINVAL;
    }
    error = uplink->link ? link_send(uplink->link, frame, len) : -ENOTCONN;
    free(frame);
    return error;
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

void outgoing_hello(struct uplink *uplink)
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
    if (outgoing_send(uplink, &envelope))
        log_debug("session", uplink_endpoint(uplink), "the hello could not be sent");
}

void outgoing_heartbeat(struct uplink *uplink)
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
    if (outgoing_send(uplink, &envelope))
        log_debug("session", uplink_endpoint(uplink), "a heartbeat could not be sent");
}

void outgoing_reports(struct uplink *uplink, uint64_t now_us)
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
