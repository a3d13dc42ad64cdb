/* What the agent says about a command: taken, refused, how far it is. */
#ifndef COMMAND_ANSWER_H
#define COMMAND_ANSWER_H

#include "proto/wire.h"
#include "sweep/sweep.h"
#include "uplink/uplink.h"

#include <stdbool.h>

struct answer_channel {
    void *argument;
    bool (*send)(void *argument, Envelope *envelope); /* false when it could not be sent; nothing depends on it */
};

/* `sweep->running` false: queued behind another. Returns whether it was sent. */
bool answer_accepted(const struct answer_channel *channel, const struct uplink_sweep *sweep);
/* Logs the refusal too. `code` is a stable word, `message` a sentence. */
void answer_refused(const struct answer_channel *channel, const struct uplink_sweep *sweep, const char *code,
                    const char *message);
void answer_progress(const struct answer_channel *channel, const struct uplink_sweep *sweep,
                     const struct sweep_progress *progress);

#endif
