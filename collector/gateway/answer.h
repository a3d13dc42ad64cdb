/* The frames that the gateway makes itself. Each is sent to `route` on `router` at once: 0, -EHOSTUNREACH (connection
 * gone), -EAGAIN (the agent does not read), -ENOMEM or another -errno. */
#ifndef GATEWAY_ANSWER_H
#define GATEWAY_ANSWER_H

#include "base/attributes.h"
#include "exchange/delivery.h"
#include "exchange/directory.h"
#include "exchange/route.h"
#include "proto/wire.h"

#include <stddef.h>
#include <stdint.h>

struct answer_welcome {
    Natsweep__Welcome__Status status;
    uint32_t heartbeat_ms;
    uint32_t retry_ms;
    const char *site;                  /* NULL = none */
    const char *message;               /* NULL = none */
    const struct directory *directory; /* NULL = nothing new */
};
int answer_welcome(void *router, const struct route *route, const struct answer_welcome *facts) MUST_CHECK;

int answer_heartbeat(void *router, const struct route *route) MUST_CHECK;
int answer_wait(void *router, const struct route *route, uint32_t wait_ms) MUST_CHECK;

/* One ack for deliveries of one agent, at most HELLO_SWEEPS_MAX; abandoned ones are left out. The message of the first
 * rejected one goes along. */
int answer_ack(void *router, const struct route *route, struct delivery *const *deliveries, size_t count) MUST_CHECK;

/* An enrolment that is not handed on. */
int answer_enroll_unavailable(void *router, const struct route *route, const char *message) MUST_CHECK;

#endif
