#include "sweep/streak.h"

#define CHANCE 1e-4 /* of an honest site: it then waits in vain, and its first or last ports stay in doubt */

/* Of all the ways to lay out the passes, the share that leaves that end free of them. */
bool streak_is_suspect(uint32_t passes, uint32_t failures, uint32_t streak)
{
    double chance = 1.0, ports = (double)passes + failures;
    for (uint32_t i = 0; i < passes && chance >= CHANCE; i++)
        chance *= (ports - streak - i) / (ports - i);
    return chance < CHANCE;
}
