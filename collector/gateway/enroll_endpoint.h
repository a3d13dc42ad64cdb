/* The endpoint where strangers ask to be enrolled: any key may connect, only a small enroll message is read, and not
 * too many. */
#ifndef GATEWAY_ENROLL_ENDPOINT_H
#define GATEWAY_ENROLL_ENDPOINT_H

#include "base/limiter.h"
#include "exchange/mailbox.h"
#include "exchange/order.h"
#include "gateway/counts.h"

#include <stdint.h>

struct enroll_endpoint {
    void *router;
    struct mailbox *control;
    struct counts *counts;
    struct limiter limiter;
};

/* Reads at most `budget` messages: each becomes a notice for control, is answered, or only counted. */
void enroll_endpoint_serve(struct enroll_endpoint *endpoint, int budget, uint64_t now_us);

/* Sends control's answer; a stranger who has left in the meantime will ask again. */
void enroll_endpoint_reply(struct enroll_endpoint *endpoint, const struct order *order);

#endif
