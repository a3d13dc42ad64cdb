/* Failures in an unbroken streak at an end of a shuffled order. Ports that nobody forwards are spread over it; a router
 * that bans a stranger after so many new ports makes one streak of whatever comes after, and a ban from before makes
 * one of whatever comes first. */
#ifndef SWEEP_STREAK_H
#define SWEEP_STREAK_H

#include <stdbool.h>
#include <stdint.h>

/* Whether chance would hardly have put `streak` of the `failures` behind the last of the `passes`, or before the first.
 */
bool streak_is_suspect(uint32_t passes, uint32_t failures, uint32_t streak);

#endif
