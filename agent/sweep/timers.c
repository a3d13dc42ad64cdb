#include "sweep/timers.h"

#include <stdlib.h>

#define NOT_SET UINT32_MAX

struct entry {
    uint64_t due_us;
    uint32_t number;
};

struct timers {
    uint32_t count;
    uint32_t *place; /* of each number in the heap, or NOT_SET */
    struct entry *heap;
};

struct timers *timers_create(uint32_t capacity)
{
    struct timers *timers = calloc(1, sizeof(*timers));
    if (timers == NULL)
        return NULL;
    timers->place = calloc(capacity, sizeof(*timers->place));
    timers->heap = calloc(capacity, sizeof(*timers->heap));
    if (timers->place == NULL || timers->heap == NULL) {
        timers_destroy(timers);
        return NULL;
    }
    for (uint32_t i = 0; i < capacity; i++)
        timers->place[i] = NOT_SET;
    return timers;
}

void timers_destroy(struct timers *timers)
{
    if (timers == NULL)
        return;
    free(timers->place);
    free(timers->heap);
    free(timers);
}

static void put(struct timers *timers, uint32_t place, struct entry entry)
{
    timers->heap[place] = entry;
    timers->place[entry.number] = place;
}

static void sift_up(struct timers *timers, uint32_t place, struct entry entry)
{
    while (place > 0 && timers->heap[(place - 1) / 2].due_us > entry.due_us) {
        put(timers, place, timers->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(timers, place, entry);
}

static void sift_down(struct timers *timers, uint32_t place, struct entry entry)
{
    for (;;) {
        uint32_t child = 2 * place + 1;
        if (child >= timers->count)
            break;
        if (child + 1 < timers->count && timers->heap[child + 1].due_us < timers->heap[child].due_us)
            child++;
        if (timers->heap[child].due_us >= entry.due_us)
            break;
        put(timers, place, timers->heap[child]);
        place = child;
    }
    put(timers, place, entry);
}

void timers_cancel(struct timers *timers, uint32_t number)
{
    uint32_t place = timers->place[number];
    if (place == NOT_SET)
        return;
    timers->place[number] = NOT_SET;
    struct entry last = timers->heap[--timers->count];
    if (place == timers->count)
        return;
    if (place > 0 && timers->heap[(place - 1) / 2].due_us > last.due_us)
        sift_up(timers, place, last);
    else
        sift_down(timers, place, last);
}

void timers_set(struct timers *timers, uint32_t number, uint64_t due_us)
{
    timers_cancel(timers, number);
    sift_up(timers, timers->count++, (struct entry){due_us, number});
}

bool timers_expire(struct timers *timers, uint64_t now_us, uint32_t *number)
{
    if (timers_next_us(timers) > now_us)
        return false;
    *number = timers->heap[0].number;
    timers_cancel(timers, *number);
    return true;
}

uint64_t timers_next_us(const struct timers *timers)
{
    return timers->count == 0 ? UINT64_MAX : timers->heap[0].due_us;
}
