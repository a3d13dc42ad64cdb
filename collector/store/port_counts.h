/* What the ports of a batch add up to (pure). */
#ifndef STORE_PORT_COUNTS_H
#define STORE_PORT_COUNTS_H

#include "proto/report.h"

#include <stdint.h>

struct port_counts {
    int32_t pass, fail, unjudged;   /* as expected, not as expected, cannot be told */
    int32_t forwarded, unforwarded; /* judged ports that should be open: do packets from outside arrive? By T3, by T2
                                       where T3 is unknown, whatever the translation. */
};

struct port_counts port_counts_make(const struct report *report);

#endif
