/* Whether the collector is well, judged from what its threads tell (pure). */
#ifndef WATCH_HEALTH_H
#define WATCH_HEALTH_H

#include "metrics/tallies.h"

#include <stdbool.h>
#include <stdint.h>

#define HEALTH_TEXT_BYTES 160

struct health {
    bool good;
    char text[HEALTH_TEXT_BYTES]; /* one sentence and a line feed */
};

/* Every thread shows life: if not, only a restart helps. */
struct health health_alive(const struct tallies *tallies, uint64_t now_us);

/* It may be given agents: strangers are kept out, the database is there, the lease is held, it is not ending. */
struct health health_ready(const struct tallies *tallies);

#endif
