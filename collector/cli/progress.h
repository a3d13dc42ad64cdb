/* How far a request is, as one line for a person who waits. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

#define PROGRESS_LINE_BYTES 160

struct progress {
    long request;
    long sites_done, sites_total;
    long ports_done, ports_total;
    long waiting;         /* sites whose agent has not taken the sweep */
    int64_t seconds_left; /* -1 = unknown */
};

/* "request 7  [#####...............]  2/8 sites  4020/16080 ports  3 waiting for their agent  about 12 s left" */
const char *progress_format(const struct progress *progress, char line[PROGRESS_LINE_BYTES]);

#endif
