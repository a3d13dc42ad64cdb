#include "command/answer.h"

#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>

static Natsweep__SweepKey key_of(const struct uplink_sweep *sweep)
{
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    key.sweep_id = sweep->sweep_id;
    key.generation = sweep->generation;
    return key;
}

bool answer_accepted(const struct answer_channel *channel, const struct uplink_sweep *sweep)
{
    Natsweep__SweepKey key = key_of(sweep);
    Natsweep__Accepted accepted = NATSWEEP__ACCEPTED__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    accepted.key = &key;
    accepted.running = sweep->running;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ACCEPTED;
    envelope.accepted = &accepted;
    return channel->send(channel->argument, &envelope);
}

void answer_refused(const struct answer_channel *channel, const struct uplink_sweep *sweep, const char *code,
                    const char *message)
{
    char peer[32];
    Natsweep__SweepKey key = key_of(sweep);
    Natsweep__Refused refused = NATSWEEP__REFUSED__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    snprintf(peer, sizeof peer, "sweep %" PRIu64, sweep->sweep_id);
    log_warning("policy", peer, "refused (%s): %s", code, message);
    refused.key = &key;
    refused.code = (char *)code;
    refused.message = (char *)message;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_REFUSED;
    envelope.refused = &refused;
    channel->send(channel->argument, &envelope);
}

void answer_progress(const struct answer_channel *channel, const struct uplink_sweep *sweep,
                     const struct sweep_progress *progress)
{
    uint64_t remaining_ms = progress->remaining_us / 1000;
    Natsweep__SweepKey key = key_of(sweep);
    Natsweep__Progress message = NATSWEEP__PROGRESS__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    message.key = &key;
    message.ports_done = progress->ports_done;
    message.ports_total = progress->ports_total;
    message.remaining_ms = remaining_ms < UINT32_MAX ? (uint32_t)remaining_ms : UINT32_MAX;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_PROGRESS;
    envelope.progress = &message;
    channel->send(channel->argument, &envelope);
}
