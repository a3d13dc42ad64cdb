/* What to sweep and how: made from the command line or from a collector's command, then only read. */
#ifndef SWEEP_PLAN_H
#define SWEEP_PLAN_H

#include "base/address.h"
#include "proto/port_list.h"
#include "proto/report.h"
#include "proto/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_SERVERS_MAX 32 /* every address of every server name counts */
#define PLAN_CREDENTIAL_BYTES 512

struct plan_server {
    char name[SERVER_NAME_BYTES]; /* as the user wrote it */
    struct address address;       /* resolved, with port */
};

struct plan {
    struct port_list ports;
    struct plan_server servers[PLAN_SERVERS_MAX]; /* tried in order */
    size_t server_count;
    struct plan_server
        turn; /* for TCP ports. No name: the STUN server that was used; a name without address: unresolved */
    struct plan_server sip_echo;      /* for the SIP ALG test. No name: no test; a name without address: unresolved */
    char user[PLAN_CREDENTIAL_BYTES]; /* empty: no credentials */
    char password[PLAN_CREDENTIAL_BYTES];
    uint8_t family; /* 4 or 6 */
    enum sweep_mode mode;
    bool live;                    /* ports are tested through raw sockets, nothing is bound */
    struct address local_address; /* to send from; family 0: whatever the route gives */
    uint32_t pace_pps;            /* packets per second; 0 = unpaced */
    uint32_t timeout_us;       /* upper bound of one test's patience with silence; 0 = from the measured RTT and loss */
    uint64_t patience_us;      /* how much a suspected block may lengthen the sweep */
    uint64_t deadline_us;      /* of what needs the ports, from the sweep's start; 0 = none */
    uint64_t ports_until_us;   /* the same on the monotonic clock, once the runner has begun; 0 = none */
    bool binding_lifetime;     /* measure how long the NAT keeps an idle mapping: minutes */
    uint32_t window;           /* ports under test at a time, at most (file descriptors); 0 = no limit */
    uint8_t silent[65536 / 8]; /* see plan_mark_silent */
    uint8_t probed[65536 / 8]; /* see plan_mark_probed */
    uint64_t seed;             /* of the order, the transaction ids and all other chance */
    int64_t started_at_us;     /* wall clock, for the report */
};

/* Whether the ports, and 5060 for the SIP ALG test, must be left alone from now on. */
static inline bool plan_ports_over(const struct plan *plan, uint64_t now_us)
{
    return plan->ports_until_us > 0 && now_us >= plan->ports_until_us;
}

/* What to bind for `port`: the address that was chosen, else all of this host, as a PBX does. */
static inline struct address plan_bind_address(const struct plan *plan, uint16_t port)
{
    struct address local = plan->local_address;
    if (!address_known(&local))
        local = (struct address){.family = plan->family};
    local.port = port;
    return local;
}

/* A port is silent when nothing left it in the last 300 s, so that no mapping of its own can be alive in the NAT:
 * behind a NAT that filters endpoint-independently, T3 proves a static forward on such a port only. Nobody sees all
 * packets of a host, so the runner marks a UDP port when no program holds it and no sweep of ours tested it in the last
 * 300 s. What is not marked counts as not silent: forgetting to mark costs a verdict, never a false pass. */
static inline void plan_mark_silent(struct plan *plan, uint16_t port)
{
    plan->silent[port / 8] = (uint8_t)(plan->silent[port / 8] | 1u << port % 8);
}

static inline bool plan_is_silent(const struct plan *plan, uint16_t port)
{
    return (plan->silent[port / 8] >> port % 8 & 1) != 0;
}

/* A port is probed when a probe of ours left it for a server's second address in this sweep or in one of the 300 s
 * before: the hole that it left in the NAT's filter may let in what no forward would. */
static inline void plan_mark_probed(struct plan *plan, uint16_t port)
{
    plan->probed[port / 8] = (uint8_t)(plan->probed[port / 8] | 1u << port % 8);
}

static inline bool plan_is_probed(const struct plan *plan, uint16_t port)
{
    return (plan->probed[port / 8] >> port % 8 & 1) != 0;
}

#endif
