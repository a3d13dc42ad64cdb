/* One TURN server, one router and one host, for sweeps of TCP ports: each Connect meets the fate of its port. */
#ifndef SWEEP_WORLD_H
#define SWEEP_WORLD_H

#include "sweep/tcp_sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000)
#define RTT_US 20000u

/* What the network does with the server's connection to a port. */
enum fate {
    FORWARDED,
    FILTERED,
    REJECTED,
    ELSEWHERE,
    DENIED,
    BANNED_LATER,
    SHIFTED,
    LOST_ONCE,
    LOST_TWICE,
    VISITED,
    VISITED_LATER
};

/* What is due later: the arrival of a connection, or an answer over the control connection. */
struct due {
    uint64_t at_us;
    bool arrival;
    struct address from;
    uint16_t port;
    size_t len;
    uint8_t bytes[TURN_MESSAGE_BYTES];
};

struct world {
    struct plan plan;
    struct report *report;
    struct tcp_sweep *sweep;
    uint64_t now_us;
    enum fate fates[65536];
    int connect_error;      /* of the control connection: 0 = it stands, -1 = silence */
    uint16_t allocate_code; /* what the server answers to an authenticated Allocate; 0 = it allocates */
    struct address relay;
    struct address visitor; /* who comes to a port that is VISITED, in place of the relay */
    struct address mapped;  /* where the server sees the host, and aims */
    uint64_t serial_us;     /* what it needs for each Connect, one after the other */
    uint64_t busy_until_us;
    bool deaf;              /* to Refresh */
    unsigned hang_up_after; /* Connects of one connection; 0 = never */
    unsigned connects, allocations;
    unsigned connects_of[65536];
    bool listening[65536];
    bool unlistened;        /* it may also connect where nobody listens */
    uint16_t held;          /* a port that another program listens at */
    unsigned held_after;    /* ... once there were so many allocations */
    struct path_facts path; /* what the UDP ports found out */
    struct address other, public, local;
    struct address udp_mapped; /* of the UDP port */
    enum reason udp_reason;    /* of the UDP port, which was judged before */
    struct due queue[512];
    size_t queued;
};

extern struct world world;
extern const struct address world_server, world_relay, world_site;

/* For tests: a new world, and its end. */
int world_begin(void **state);
int world_end(void **state);
#define in_world(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

void world_set_fates(uint16_t first, uint16_t last, enum fate fate);

/* Sweeps TCP ports; or begins to, takes one action, and goes on to the end. */
void world_sweep(uint16_t first, uint16_t last);
void world_start(uint16_t first, uint16_t last);
void world_act(const struct tcp_action *action);
void world_finish(void);

const struct port_result *world_result(uint16_t port);
void world_expect(uint16_t port, enum verdict verdict, enum reason reason);

#endif
