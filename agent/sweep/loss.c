#include "sweep/loss.h"

#define FALSE_CLOSED 1e-4               /* at most this share of open ports may be called closed */
#define FALSE_SILENT (FALSE_CLOSED / 2) /* T1 and T2 share it */
#define ROUND_TRIPS_FEW 8               /* fewer say nothing about loss */
#define SECOND_PRIOR 16                 /* round trips that the first address's loss counts for in the second's */
#define ROUND_TRIPS_MEMORY 4096         /* then the old ones fade: loss changes over a long sweep */

void loss_count(struct loss *loss, uint32_t delivered, uint32_t lost)
{
    loss->delivered += delivered;
    loss->lost += lost;
    if (loss->delivered + loss->lost > ROUND_TRIPS_MEMORY) {
        loss->delivered /= 2;
        loss->lost = (loss->lost + 1) / 2;
    }
}

/* Agresti and Coull: two failures and two successes more keep a small sample from looking certain. */
static double round_trip_loss(const struct loss *loss)
{
    return (loss->lost + 2.0) / (loss->delivered + loss->lost + 4.0);
}

struct loss loss_worse(const struct loss *first, const struct loss *second)
{
    double known = first->lost == 0 ? 0.0 : (double)first->lost / (first->delivered + first->lost);
    uint32_t lost = (uint32_t)(known * SECOND_PRIOR + 0.5);
    struct loss joined = {second->delivered + SECOND_PRIOR - lost, second->lost + lost};
    return second->lost > 0 && round_trip_loss(&joined) > round_trip_loss(first) ? joined : *first;
}

static unsigned sends_for(double round_trip)
{
    double silent = 1.0;
    unsigned sends = 0;
    while (silent > FALSE_SILENT && sends <= LOSS_SENDS_MAX) {
        silent *= round_trip;
        sends++;
    }
    return sends < LOSS_SENDS_MIN ? LOSS_SENDS_MIN : sends;
}

unsigned loss_sends_needed(const struct loss *loss)
{
    if (loss->lost == 0)
        return loss->delivered < ROUND_TRIPS_FEW ? LOSS_SENDS_FEW : LOSS_SENDS_MIN;
    unsigned sends = sends_for(round_trip_loss(loss));
    return sends > LOSS_SENDS_MAX ? LOSS_SENDS_MAX : sends;
}

bool loss_too_high(const struct loss *loss)
{
    return loss->lost > 0 && loss->delivered + loss->lost >= ROUND_TRIPS_FEW &&
           sends_for(round_trip_loss(loss)) > LOSS_SENDS_MAX;
}
