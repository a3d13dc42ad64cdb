/* What an agent says to its collector by itself. */
#ifndef UPLINK_OUTGOING_H
#define UPLINK_OUTGOING_H

#include "base/attributes.h"
#include "uplink/uplink_core.h"

#include <stdint.h>

/* Returns 0 or -errno: the message is then forgotten. */
int outgoing_send(struct uplink *uplink, Envelope *envelope) MUST_CHECK;

void outgoing_hello(struct uplink *uplink);
void outgoing_heartbeat(struct uplink *uplink);
/* As many of the spool's reports as may be under way. */
void outgoing_reports(struct uplink *uplink, uint64_t now_us);

#endif
