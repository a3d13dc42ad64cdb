/* Failures that may have a common cause. A port that failed is only believed once the server has proven itself after
 * the failure: the first address for a failed Test 1, the second one for a silent Test 2 or 3. */
#ifndef SWEEP_SUSPECTS_H
#define SWEEP_SUSPECTS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct suspects;

struct suspects *suspects_create(uint32_t capacity) MUST_CHECK; /* NULL when memory is short */
void suspects_destroy(struct suspects *suspects);               /* NULL is fine */

void suspects_add(struct suspects *suspects, uint32_t index, uint64_t ended_us, bool of_second);
uint32_t suspects_count(const struct suspects *suspects);

/* The server showed at `asked_us` or later that its first (and its second) address works. */
void suspects_prove_first(struct suspects *suspects, uint64_t asked_us);
void suspects_prove_second(struct suspects *suspects, uint64_t asked_us);

/* Takes one whose failure is proven now; false when none is. */
bool suspects_take_proven(struct suspects *suspects, uint32_t *index);
/* Takes any; false when none is left. */
bool suspects_take(struct suspects *suspects, uint32_t *index);

#endif
