/* What agents answered to commands, in order, until the database has it: kept through an outage, bounded. Pure. */
#ifndef CONTROL_EVENTS_H
#define CONTROL_EVENTS_H

#include "base/attributes.h"
#include "control/agents.h"
#include "proto/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENTS_MAX 65536 /* 10,000 agents answer twice a sweep; an agent has one sweep at a time */
#define EVENT_DETAIL_BYTES (WIRE_TEXT_BYTES_MAX + 64)

enum event_kind { EVENT_ACCEPTED, EVENT_STARTED, EVENT_REFUSED, EVENT_EXPIRED, EVENT_UNDELIVERED };

struct event {
    int64_t agent_id; /* who says so; what it says of another's sweep does not count */
    struct sweep_key key;
    enum event_kind kind;
    char *detail; /* NULL = none */
};

struct events {
    struct event *ring; /* of EVENTS_MAX, made with the first one */
    size_t first, count;
    uint64_t lost; /* dropped, the oldest first; hellos and reports tell their end all the same */
};

/* `detail` is copied and may be NULL. */
void events_add(struct events *events, enum event_kind kind, int64_t agent_id, struct sweep_key key,
                const char *detail);
const struct event *events_at(const struct events *events, size_t number); /* 0 = the oldest */
void events_drop(struct events *events, size_t count);                     /* the oldest */
void events_free(struct events *events);

const char *event_word(enum event_kind kind); /* as natsweep.sweep_events() calls it */

#endif
