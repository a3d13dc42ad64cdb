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

/* Its test lasted from `began_us` to `ended_us`, which is no earlier than that of those before. */
void suspects_add(struct suspects *suspects, uint32_t index, uint64_t began_us, uint64_t ended_us, bool of_second);
uint32_t suspects_count(const struct suspects *suspects);
/* Any that the first, or the second address must prove. */
bool suspects_any(const struct suspects *suspects, bool of_second);

/* Another server, from now on; there are no suspects. */
void suspects_begin(struct suspects *suspects, uint64_t now_us);

/* The server showed at `asked_us` or later that its first or its second address works. Proofs are to follow each
 * other within `gap_us`: what failed in a longer gap may have failed for what the gap came from, such as a ban that has
 * just ended. */
void suspects_prove_first(struct suspects *suspects, uint64_t asked_us, uint64_t gap_us);
void suspects_prove_second(struct suspects *suspects, uint64_t asked_us, uint64_t gap_us);
/* A proof has failed: until the next one is a gap, however short. */
void suspects_break(struct suspects *suspects, bool of_second);
/* The older of the newest proofs of both; only the first's when the second does not matter. */
uint64_t suspects_proven_us(const struct suspects *suspects, bool second_matters);

/* Whether the second address has proven itself all through this time, as for a suspect. */
bool suspects_proven_through(const struct suspects *suspects, uint64_t began_us, uint64_t ended_us);

/* Takes one that was tested in a gap; false when none did. To be called before suspects_take_proven. */
bool suspects_take_gap(struct suspects *suspects, uint32_t *index);
/* Takes one whose failure is proven now; false when none is. */
bool suspects_take_proven(struct suspects *suspects, uint32_t *index);
/* Takes any; false when none is left. */
bool suspects_take(struct suspects *suspects, uint32_t *index);

#endif
