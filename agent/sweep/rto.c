#include "sweep/rto.h"

#include "sweep/bounds.h"

#define INITIAL_US                                                                                                     \
    250000u /* nothing measured yet: within a satellite's 600 ms two sends are lost work, not a failure */
#define INTERVAL_NEAR_US 30000u /* next to the server; below it, a busy server's queue looks like loss */
#define INTERVAL_FAR_US 100000u /* from 3.5 ms of round trip on: a line's hiccup must not swallow all sends */
#define INTERVAL_MAX_US 1000000u
#define LAST_WAIT_NEAR_US 80000u /* next to the server a burst of loss or a router's hiccup is over by then, ... */
#define LAST_WAIT_FAR_US 250000u /* ... and from 8.5 ms of round trip on by then */
#define LAST_WAIT_MAX_US 3000000u

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

void rto_sample(struct rto *rto, uint64_t rtt_us)
{
    if (rto->samples == 0) {
        *rto = (struct rto){.srtt_us = rtt_us, .rttvar_us = rtt_us / 2, .shortest_us = rtt_us, .samples = 1};
        return;
    }
    rto->samples++;
    if (rtt_us < rto->shortest_us)
        rto->shortest_us = rtt_us;
    rto->rttvar_us = (3 * rto->rttvar_us + distance(rto->srtt_us, rtt_us)) / 4;
    rto->srtt_us = (7 * rto->srtt_us + rtt_us) / 8;
}

uint64_t rto_interval_us(const struct rto *rto, unsigned sends)
{
    if (rto->samples == 0)
        return bounded_u64((uint64_t)INITIAL_US << (sends > 3 ? 2 : sends - 1), INITIAL_US, INTERVAL_MAX_US);
    uint64_t least = bounded_u64(INTERVAL_NEAR_US + 20 * rto->shortest_us, INTERVAL_NEAR_US, INTERVAL_FAR_US);
    uint64_t base = bounded_u64(rto->srtt_us + 4 * rto->rttvar_us, least, INTERVAL_MAX_US);
    uint64_t growth = base * (sends > 5 ? 4 : sends - 1) / 4;
    return bounded_u64(base + growth, base, INTERVAL_MAX_US);
}

uint64_t rto_last_wait_us(const struct rto *rto)
{
    if (rto->samples == 0)
        return INTERVAL_MAX_US;
    uint64_t least = bounded_u64(LAST_WAIT_NEAR_US + 20 * rto->shortest_us, LAST_WAIT_NEAR_US, LAST_WAIT_FAR_US);
    return bounded_u64(3 * rto->srtt_us + 4 * rto->rttvar_us, least, LAST_WAIT_MAX_US);
}
