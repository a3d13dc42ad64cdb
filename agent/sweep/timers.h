/* A binary heap of deadlines for things numbered 0..capacity-1: set, move and cancel in O(log n), the earliest in O(1).
 */
#ifndef SWEEP_TIMERS_H
#define SWEEP_TIMERS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct timers;

struct timers *timers_create(uint32_t capacity) MUST_CHECK; /* NULL when memory is short */
void timers_destroy(struct timers *timers);                 /* NULL is fine */

void timers_set(struct timers *timers, uint32_t number, uint64_t due_us); /* moves it when it was set */
void timers_cancel(struct timers *timers, uint32_t number);               /* nothing when it was not set */

/* Takes the earliest that is due; false when none is. */
bool timers_expire(struct timers *timers, uint64_t now_us, uint32_t *number);
/* UINT64_MAX when none is set. */
uint64_t timers_next_us(const struct timers *timers);

#endif
