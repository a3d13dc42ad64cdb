/* What the files of the TCP sweep share. */
#ifndef SWEEP_TCP_ENGINE_H
#define SWEEP_TCP_ENGINE_H

#include "sweep/connects.h"
#include "sweep/plan.h"
#include "sweep/tcp_control.h"
#include "sweep/tcp_ports.h"

#include <stdbool.h>
#include <stdint.h>

/* The server's kernel repeats a SYN after 1 and 3 seconds: so many arrive in time when nothing is lost. */
#define CONNECT_TIMEOUT_US 3500000u
#define SENDS_A_CONNECT 3u /* SYNs before its deadline */

/* Each has an allocation of its own. */
enum round {
    ROUND_ALL,
    ROUND_AGAIN, /* what was silent, on a line that loses packets */
    ROUND_ALONE  /* what passed, one at a time: to see that server and router still do, and that it was this port that
                    arrived and not one that the router sends here, too */
};

struct tcp_sweep {
    const struct plan *plan;
    struct report *report;
    struct tcp_ports ports;
    struct tcp_control control; /* closed: the sweep has ended */
    struct connects connects;
    uint64_t next_connect_us;
    enum round round;
    unsigned again;        /* rounds of ROUND_AGAIN that may follow */
    bool astray;           /* connections to the public address arrive at other ports of this host */
    uint32_t missed;       /* a port that passed, and did not alone; TCP_PORTS_NONE */
    enum reason untried;   /* why a port that passed could not be tried alone; REASON_NONE */
    bool pass_in_doubt;    /* that one's */
    uint16_t arrived_last; /* in ROUND_ALONE */
    bool refreshing;       /* a Refresh is under way that shows whether the server is still at its Connects */
    uint64_t refresh_asked_us;
    bool unused_wanted;  /* a Connect to a port that nobody uses has to test the server's word */
    bool word_void;      /* and it said that it had connected, or could not be asked */
    bool elsewhere;      /* the server sees this host at an address that UDP never came from */
    enum reason blocked; /* what the router did to new connections while the UDP ports were tested */
};

#endif
