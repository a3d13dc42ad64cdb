#include "sweep/connects.h"

static bool under_way(const struct pending_connect *pending)
{
    return pending->used && !pending->ended;
}

struct pending_connect *connects_room(struct connects *connects)
{
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++)
        if (!connects->places[i].used)
            return &connects->places[i];
    return NULL;
}

struct pending_connect *connects_find(struct connects *connects, uint16_t port)
{
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++)
        if (under_way(&connects->places[i]) && connects->places[i].port == port)
            return &connects->places[i];
    return NULL;
}

struct pending_connect *connects_overdue(struct connects *connects, uint64_t now_us)
{
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++)
        if (under_way(&connects->places[i]) && now_us >= connects->places[i].due_us)
            return &connects->places[i];
    return NULL;
}

struct pending_connect *connects_any(struct connects *connects)
{
    return connects_overdue(connects, UINT64_MAX);
}

bool connects_clear(struct connects *connects, uint16_t *port)
{
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++) {
        struct pending_connect ended = connects->places[i];
        if (!ended.ended)
            continue;
        connects->places[i] = (struct pending_connect){0};
        *port = ended.port;
        if (ended.listening)
            return true;
    }
    return false;
}

void connects_wait_longer(struct connects *connects, uint64_t due_us, uint64_t patience_us)
{
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++) {
        struct pending_connect *pending = &connects->places[i];
        uint64_t last_us = pending->first_due_us + patience_us;
        if (!under_way(pending) || pending->connected || pending->failed || pending->due_us >= due_us)
            continue;
        pending->cut_short = due_us > last_us;
        pending->due_us = pending->cut_short ? last_us : due_us;
    }
}

void connects_proven(struct connects *connects, uint64_t asked_us, uint64_t due_us)
{
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++) {
        struct pending_connect *pending = &connects->places[i];
        if (!under_way(pending) || pending->asked_us > asked_us)
            continue;
        pending->proven = true;
        if (pending->cut_short)
            pending->due_us = due_us;
        pending->cut_short = false;
    }
}

bool connects_empty(const struct connects *connects)
{
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++)
        if (connects->places[i].used)
            return false;
    return true;
}

uint64_t connects_wake_us(const struct connects *connects)
{
    uint64_t wake_us = UINT64_MAX;
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++)
        if (under_way(&connects->places[i]) && connects->places[i].due_us < wake_us)
            wake_us = connects->places[i].due_us;
    return wake_us;
}
