#include "control/events.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void events_add(struct events *events, enum event_kind kind, int64_t agent_id, struct sweep_key key, const char *detail)
{
    if (!events->ring)
        events->ring = calloc(EVENTS_MAX, sizeof(*events->ring));
    if (!events->ring) {
        events->lost++;
        return;
    }
    if (events->count == EVENTS_MAX) {
        events_drop(events, 1);
        events->lost++;
    }
    size_t place = (events->first + events->count++) % EVENTS_MAX;
    events->ring[place] =
        (struct event){.agent_id = agent_id, .key = key, .kind = kind, .detail = detail ? strdup(detail) : NULL};
}

const struct event *events_at(const struct events *events, size_t number)
{
    assert(number < events->count);
    return &events->ring[(events->first + number) % EVENTS_MAX];
}

void events_drop(struct events *events, size_t count)
{
    assert(count <= events->count);
    for (; count > 0; count--) {
        free(events->ring[events->first].detail);
        events->first = (events->first + 1) % EVENTS_MAX;
        events->count--;
    }
}

void events_free(struct events *events)
{
    events_drop(events, events->count);
    free(events->ring);
    *events = (struct events){0};
}

const char *event_word(enum event_kind kind)
{
    static const char *const words[] = {"accepted", "started", "refused", "expired", "undelivered"};
    return words[kind];
}
