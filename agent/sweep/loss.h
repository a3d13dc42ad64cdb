/* Loss of the path, measured, and the number of sends that follows from it: so many that an open port is called closed
 * less often than once in 10,000. */
#ifndef SWEEP_LOSS_H
#define SWEEP_LOSS_H

#include <stdbool.h>
#include <stdint.h>

#define LOSS_SENDS_MIN 3  /* when none was seen */
#define LOSS_SENDS_FEW 5  /* while too little was sent to know */
#define LOSS_SENDS_MAX 12 /* what more would be needed for is inconclusive */

/* Round trips: a request whose answer came counts as delivered, each earlier send of it as lost. */
struct loss {
    uint32_t delivered, lost;
};

void loss_count(struct loss *loss, uint32_t delivered, uint32_t lost);

/* What judges both: `second` where the way from the second address is the worse one. Few round trips there weigh little
 * against what is known of the first. */
struct loss loss_worse(const struct loss *first, const struct loss *second);

/* 3..LOSS_SENDS_MAX. */
unsigned loss_sends_needed(const struct loss *loss);

/* Even LOSS_SENDS_MAX sends are too few. */
bool loss_too_high(const struct loss *loss);

#endif
