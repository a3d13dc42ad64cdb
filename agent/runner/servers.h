/* STUN servers as people name them -> the addresses a sweep tries in order. */
#ifndef RUNNER_SERVERS_H
#define RUNNER_SERVERS_H

#include "base/attributes.h"
#include "proto/limits.h"
#include "sweep/plan.h"

#define SERVERS_DEFAULT_PORT 3478 /* RFC 8489 */
#define SERVERS_SIP_PORT 5060     /* RFC 3261; an ALG looks at no other */

struct server_names {
    size_t count;
    char names[COMMAND_SERVERS_MAX][SERVER_NAME_BYTES]; /* HOST[:PORT] */
    char turn[SERVER_NAME_BYTES];                       /* empty: the STUN server that is used */
    char sip_echo[SERVER_NAME_BYTES];                   /* empty: no SIP ALG test */
};

/* Fills plan->servers, and the plan's TURN server and SIP echo when they are named (one that cannot be resolved costs
 * only its own test, see struct plan), with every address of plan->family of every name, as far as there is room. Gives
 * up after timeout_ms a name, or when `cancel_fd` (-1 = none) becomes readable. Returns 0 when there is at least one
 * address; to which this host has a route; else -EINVAL (a name is no HOST[:PORT]), -ENOENT or -ECANCELED, with one
 * sentence in `message`. */
int servers_resolve(const struct server_names *servers, struct plan *plan, int timeout_ms, int cancel_fd,
                    char message[REPORT_MESSAGE_BYTES]) MUST_CHECK;

#endif
