/* How often sweeps may begin. A collector in wrong hands could have an agent begin one short sweep after the other,
 * each with names to resolve and a handful of packets to a server that never consented: so many in a row are free, then
 * one in a while. */
#ifndef COMMAND_ALLOWANCE_H
#define COMMAND_ALLOWANCE_H

#include <stdint.h>

#define ALLOWANCE_SWEEPS 30u           /* in a row: more than any person asks for */
#define ALLOWANCE_INTERVAL_US 5000000u /* from then on */

struct allowance {
    uint64_t used_until_us; /* when all that was taken will have been given back; zero at the start */
};

/* When the next sweep may begin; now or earlier: at once. */
uint64_t allowance_next_us(const struct allowance *allowance);
void allowance_take(struct allowance *allowance, uint64_t now_us);

#endif
