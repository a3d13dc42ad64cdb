/* Does something on the way rewrite SIP? The same requests go to an echo's SIP port, where an application-level gateway
 * acts, and to its control port, where only a proxy that touches everything does. Pure; it runs after all ports, since
 * what an INVITE opens in a router would fake a pass. */
#ifndef SWEEP_SIP_ALG_H
#define SWEEP_SIP_ALG_H

#include "base/address.h"
#include "base/attributes.h"
#include "proto/report.h"
#include "sip/probe.h"
#include "sweep/plan.h"

#include <stddef.h>
#include <stdint.h>

#define SIP_ALG_LOCAL_PORT 5060
#define SIP_ALG_CONTROL_OFFSET 10000 /* echo at 5060: control at 15060, in no gateway's list of SIP ports */

enum sip_place { SIP_AT_ECHO, SIP_AT_CONTROL };
#define SIP_PLACES 2

enum sip_fate {
    SIP_SILENT,     /* no answer to any send */
    SIP_UNREADABLE, /* answered, but not as an echo does */
    SIP_INTACT,     /* arrived as it was sent */
    SIP_REWRITTEN,
    SIP_NOT_SENT /* an INVITE when no port is free of the plan: a gateway would open its media port */
};

struct sip_finding {
    struct address echo, control;
    uint8_t fates[SIP_PLACES][SIP_METHODS]; /* enum sip_fate */
    char diff[SIP_ALG_DIFF_BYTES];          /* of the most telling rewritten request */
};

enum sip_alg_action_kind {
    SIP_ALG_SEND, /* send `len` bytes to `to` */
    SIP_ALG_WAIT, /* nothing to do before wake_us or the next datagram */
    SIP_ALG_DONE  /* sip_alg_finding now tells */
};

struct sip_alg_action {
    enum sip_alg_action_kind kind;
    struct address to;
    const uint8_t *bytes; /* valid as long as the sip_alg */
    size_t len;
    uint64_t wake_us;
};

struct sip_alg;

/* Asks plan->sip_echo, whose address must be known, from `local` (the address and port that packets leave this host
 * with). The ports' round trips in `report` tell how long to wait. NULL when memory is short. */
struct sip_alg *sip_alg_create(const struct plan *plan, const struct address *local,
                               const struct report *report) MUST_CHECK;
void sip_alg_destroy(struct sip_alg *alg); /* NULL is fine */

enum sip_alg_action_kind sip_alg_next(struct sip_alg *alg, uint64_t now_us, struct sip_alg_action *action);
/* A datagram from `from` that arrived at `local`. Any bytes are fine. */
void sip_alg_received(struct sip_alg *alg, uint64_t now_us, const struct address *from, const uint8_t *bytes,
                      size_t len);

const struct sip_finding *sip_alg_finding(const struct sip_alg *alg); /* valid as long as the sip_alg */

/* Where the same requests are sent to see whether it is the port that matters. */
struct address sip_alg_control_address(const struct address *echo);

#endif
