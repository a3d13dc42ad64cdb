/* A report batch on its way from the gateway to a store writer and, with its fate, back. The writer returns every
 * delivery exactly once: what is out is what the gateway counts against its queue. */
#ifndef EXCHANGE_DELIVERY_H
#define EXCHANGE_DELIVERY_H

#include "base/attributes.h"
#include "proto/limits.h"
#include "proto/wire.h"

#include <stddef.h>
#include <stdint.h>

enum delivery_fate {
    DELIVERY_PENDING = 0,
    DELIVERY_STORED,   /* committed, now or earlier: the agent may delete it */
    DELIVERY_REJECTED, /* will never be stored, `message` says why: the agent may delete it */
    DELIVERY_ABANDONED /* not stored, not the report's fault (shutdown): no answer, so the agent keeps it */
};

struct delivery {
    int64_t agent_id, site_id; /* whose it is by its key, never by what the frame says */
    Envelope *envelope;        /* decoded and checked; its body is a report batch */
    const char *fault;         /* why the frame could not be read: the envelope then has its key only; NULL: it could */
    uint8_t *frame;            /* as it came, to be kept when it is rejected */
    size_t frame_bytes;
    enum delivery_fate fate;
    char message[WIRE_TEXT_BYTES_MAX];
};

/* Takes the envelope (also when it fails) and copies the frame. NULL when memory is short. */
struct delivery *delivery_create(int64_t agent_id, int64_t site_id, Envelope *envelope, const void *frame,
                                 size_t frame_bytes) MUST_CHECK;
void delivery_free(void *object); /* NULL is fine */

#endif
