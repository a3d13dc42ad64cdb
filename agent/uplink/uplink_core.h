/* An uplink as the files of this folder see it. */
#ifndef UPLINK_UPLINK_CORE_H
#define UPLINK_UPLINK_CORE_H

#include "uplink/delivery.h"
#include "uplink/session.h"
#include "uplink/uplink.h"

struct uplink {
    struct uplink_config config;
    uint64_t instance; /* of this start: two of them alternating on one key are a clone */
    struct session session;
    struct delivery delivery;
    struct link *link;
    const char *complaint; /* the failure that was logged last */
    int64_t since_us, clock_offset_us;
};

/* Gives the session an event and does what it then wants. */
void uplink_feed(struct uplink *uplink, enum session_event event, uint64_t now_us);

/* The endpoint of the present or next attempt. */
const char *uplink_endpoint(const struct uplink *uplink);

#endif
