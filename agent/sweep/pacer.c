#include "sweep/pacer.h"

#define PACER_UNPACED_PPS 50000u /* what a server's socket buffer of 200 kB still takes on two busy cores */
#define PACER_UNPACED_LEAST_PPS 1000u
#define PACER_SLOWEST_PPS 10u
#define QUEUE_MAX_US 15000u     /* of an unpaced sweep's packets: well below the shortest repeat (rto.c) */
#define ADAPT_INTERVAL_US 5000u /* or a round trip, before what was changed can be felt */
#define BURST_NS 2000000u
#define NS_PER_S 1000000000u

struct pacer pacer_make(uint32_t pace_pps)
{
    return (struct pacer){.adaptive = pace_pps == 0,
                          .interval_ns = NS_PER_S / (pace_pps == 0 ? PACER_UNPACED_PPS : pace_pps),
                          .rtt_min_us = UINT64_MAX};
}

bool pacer_ready(const struct pacer *pacer, uint64_t now_us)
{
    return now_us * 1000 + BURST_NS >= pacer->due_ns;
}

bool pacer_take(struct pacer *pacer, uint64_t now_us)
{
    if (!pacer_ready(pacer, now_us))
        return false;
    uint64_t now_ns = now_us * 1000;
    pacer->due_ns = (pacer->due_ns > now_ns ? pacer->due_ns : now_ns) + pacer->interval_ns;
    return true;
}

uint64_t pacer_wake_us(const struct pacer *pacer)
{
    uint64_t several_ns = pacer->interval_ns < BURST_NS / 4 ? BURST_NS / 2 : 0;
    uint64_t wake_ns = pacer->due_ns + several_ns;
    return wake_ns < BURST_NS ? 0 : (wake_ns - BURST_NS + 999) / 1000;
}

void pacer_round_trip(struct pacer *pacer, uint64_t now_us, uint64_t rtt_us)
{
    if (rtt_us < pacer->rtt_min_us)
        pacer->rtt_min_us = rtt_us;
    uint64_t felt_us = rtt_us > ADAPT_INTERVAL_US ? rtt_us : ADAPT_INTERVAL_US;
    if (!pacer->adaptive || now_us < pacer->adapted_us + felt_us)
        return;
    pacer->adapted_us = now_us;
    if (rtt_us > pacer->rtt_min_us + QUEUE_MAX_US)
        pacer->interval_ns = pacer->interval_ns * 3 / 2;
    else
        pacer->interval_ns = pacer->interval_ns * 9 / 10;
    if (pacer->interval_ns < NS_PER_S / PACER_UNPACED_PPS)
        pacer->interval_ns = NS_PER_S / PACER_UNPACED_PPS;
    if (pacer->interval_ns > NS_PER_S / PACER_UNPACED_LEAST_PPS)
        pacer->interval_ns = NS_PER_S / PACER_UNPACED_LEAST_PPS;
}

void pacer_slow_down(struct pacer *pacer)
{
    if (pacer->interval_ns < NS_PER_S / PACER_SLOWEST_PPS)
        pacer->interval_ns *= 2;
}
