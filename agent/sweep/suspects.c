#include "sweep/suspects.h"

#include <stdlib.h>

struct suspect {
    uint64_t began_us, ended_us;
    uint32_t index;
};

/* In the order of their ends, so that the proven ones of a kind are the first: two queues, by the address that must
 * prove. */
struct queue {
    uint32_t first, count;
    uint64_t proven_us;
    uint64_t gap_ended_us; /* when the last gap between two proofs was over */
    bool broken;           /* a proof has failed since the newest one */
    struct suspect *ring;
};

struct suspects {
    uint32_t capacity;
    struct queue queues[2];
};

struct suspects *suspects_create(uint32_t capacity)
{
    struct suspects *suspects = calloc(1, sizeof(*suspects));
    if (suspects == NULL)
        return NULL;
    suspects->capacity = capacity + 1;
    for (unsigned i = 0; i < 2; i++) {
        suspects->queues[i].ring = calloc(suspects->capacity, sizeof(struct suspect));
        if (suspects->queues[i].ring == NULL) {
            suspects_destroy(suspects);
            return NULL;
        }
    }
    return suspects;
}

void suspects_destroy(struct suspects *suspects)
{
    if (suspects == NULL)
        return;
    free(suspects->queues[0].ring);
    free(suspects->queues[1].ring);
    free(suspects);
}

void suspects_add(struct suspects *suspects, uint32_t index, uint64_t began_us, uint64_t ended_us, bool of_second)
{
    struct queue *queue = &suspects->queues[of_second];
    uint32_t place = (queue->first + queue->count++) % suspects->capacity;
    queue->ring[place] = (struct suspect){began_us, ended_us, index};
}

bool suspects_any(const struct suspects *suspects, bool of_second)
{
    return suspects->queues[of_second].count > 0;
}

uint32_t suspects_count(const struct suspects *suspects)
{
    return suspects->queues[0].count + suspects->queues[1].count;
}

void suspects_begin(struct suspects *suspects, uint64_t now_us)
{
    for (unsigned i = 0; i < 2; i++) {
        suspects->queues[i].proven_us = now_us;
        suspects->queues[i].gap_ended_us = 0;
        suspects->queues[i].broken = false;
    }
}

static void prove(struct queue *queue, uint64_t asked_us, uint64_t gap_us)
{
    if (asked_us <= queue->proven_us)
        return;
    if (queue->broken || asked_us > queue->proven_us + gap_us)
        queue->gap_ended_us = asked_us;
    queue->broken = false;
    queue->proven_us = asked_us;
}

void suspects_prove_first(struct suspects *suspects, uint64_t asked_us, uint64_t gap_us)
{
    prove(&suspects->queues[false], asked_us, gap_us);
}

void suspects_prove_second(struct suspects *suspects, uint64_t asked_us, uint64_t gap_us)
{
    prove(&suspects->queues[true], asked_us, gap_us);
}

void suspects_break(struct suspects *suspects, bool of_second)
{
    suspects->queues[of_second].broken = true;
}

uint64_t suspects_proven_us(const struct suspects *suspects, bool second_matters)
{
    uint64_t first_us = suspects->queues[false].proven_us, second_us = suspects->queues[true].proven_us;
    return second_matters && second_us < first_us ? second_us : first_us;
}

bool suspects_proven_through(const struct suspects *suspects, uint64_t began_us, uint64_t ended_us)
{
    const struct queue *queue = &suspects->queues[true];
    return began_us >= queue->gap_ended_us && ended_us <= queue->proven_us;
}

static void take(struct suspects *suspects, struct queue *queue, uint32_t *index)
{
    *index = queue->ring[queue->first].index;
    queue->first = (queue->first + 1) % suspects->capacity;
    queue->count--;
}

bool suspects_take_gap(struct suspects *suspects, uint32_t *index)
{
    for (unsigned i = 0; i < 2; i++) {
        struct queue *queue = &suspects->queues[i];
        if (queue->count > 0 && queue->ring[queue->first].began_us < queue->gap_ended_us) {
            take(suspects, queue, index);
            return true;
        }
    }
    return false;
}

bool suspects_take_proven(struct suspects *suspects, uint32_t *index)
{
    for (unsigned i = 0; i < 2; i++) {
        struct queue *queue = &suspects->queues[i];
        if (queue->count > 0 && queue->ring[queue->first].ended_us <= queue->proven_us) {
            take(suspects, queue, index);
            return true;
        }
    }
    return false;
}

bool suspects_take(struct suspects *suspects, uint32_t *index)
{
    for (unsigned i = 0; i < 2; i++)
        if (suspects->queues[i].count > 0) {
            take(suspects, &suspects->queues[i], index);
            return true;
        }
    return false;
}
