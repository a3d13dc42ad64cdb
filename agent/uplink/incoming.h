/* What a collector says, and what is done with it. */
#ifndef UPLINK_INCOMING_H
#define UPLINK_INCOMING_H

#include "uplink/uplink_core.h"

#include <stdint.h>

/* Reads and handles all that is there. */
void incoming_read(struct uplink *uplink, uint64_t now_us);

#endif
