/* A simulated site: one host behind one router, and the internet as a path with delay, jitter, loss, reordering and
 * duplicates. Time is virtual; nothing sleeps. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "base/address.h"
#include "sweep/chance.h"
#include "sweep/sweep.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_SERVERS 2
#define SIM_REMOTES (SIM_SERVERS * 4) /* A1:P1, A1:P2, A2:P1, A2:P2 of each server */
#define SIM_PACKET_BYTES 1500

enum sim_mapping { SIM_NO_NAT, SIM_ENDPOINT_INDEPENDENT, SIM_ADDRESS_DEPENDENT, SIM_ADDRESS_AND_PORT_DEPENDENT };
enum sim_filter { SIM_FILTER_NONE, SIM_FILTER_ENDPOINT, SIM_FILTER_ADDRESS, SIM_FILTER_ADDRESS_AND_PORT };
enum sim_block { SIM_PASS, SIM_DROP, SIM_REJECT };

struct sim_range {
    uint16_t first, last; /* both 0: empty */
};

struct sim_router {
    enum sim_mapping mapping;
    enum sim_filter filter; /* SIM_FILTER_NONE: not even a mapping is needed (no firewall) */
    bool renumbers;         /* source ports are not kept */
    bool renumbers_back;    /* ... but ports of the plan are, as symmetric NAT with static source ports does */
    struct sim_range forwards[4];
    bool wrong_host;           /* the forwards point at another host of the LAN */
    struct sim_range alive;    /* ports with a mapping of their own traffic from before */
    enum sim_block block;      /* of what leaves from `blocked` */
    struct sim_range blocked;  /* ports that cannot send */
    struct sim_range silenced; /* ports whose packets are dropped, whatever `block` says */
    enum sweep_icmp icmp;      /* what SIM_REJECT says */
    bool blocks_second;        /* nothing goes out to a second address */
    unsigned scan_limit;       /* strangers may try this many new ports, then are banned; 0 = no protection */
    uint64_t ban_us;
    unsigned strangers_pps; /* more that were not asked do not come in; 0 = no limit */
    bool ban_spares_known; /* a banned stranger still gets through where it did before, as established connections do */
    bool banned_before;    /* second addresses are banned when the sweep begins */
    unsigned connections_pps; /* what would be more new connections outwards is dropped; 0 = no limit */
    unsigned table_size;      /* of the router's connections; what would be one more is dropped; 0 = no limit */
    bool forgets_strangers;   /* a refused packet leaves no mark */
    bool rewrites_source;     /* of what it forwards, to its own address */
    bool second_wan;          /* ports above 40000 leave by another public address */
};

struct sim_path {
    double loss;        /* each way */
    double loss_second; /* the same to and from second addresses, on top */
    double duplicate;   /* each way */
    uint64_t delay_us;  /* one way */
    uint64_t jitter_us;
};

struct sim_packet {
    bool inbound; /* to the host; else at a server */
    bool is_icmp;
    enum sweep_icmp icmp;
    uint16_t inside;       /* the host's port */
    uint16_t outside;      /* the router's */
    unsigned remote;       /* where at the servers: server * 4 + place */
    bool rewritten;        /* it seems to come from the router */
    struct address mapped; /* what the server sees */
    size_t len;
    uint8_t bytes[SIM_PACKET_BYTES];
};

struct sim_network;

struct sim_network *sim_network_create(const struct sim_router *router, const struct sim_path *path, uint64_t seed);
void sim_network_destroy(struct sim_network *network);

struct address sim_remote_address(unsigned remote);
struct address sim_router_address(void); /* towards the host */
struct address sim_host_address(const struct sim_router *router);
/* SIM_REMOTES when the address is nobody's. */
unsigned sim_remote_find(const struct address *address);

/* The host sends from port `inside`. */
void sim_network_send(struct sim_network *network, uint64_t now_us, uint16_t inside, const struct address *to,
                      const uint8_t *bytes, size_t len);
/* A server at `remote` sends to the router's port `outside`; `spoofed` (may be NULL) replaces its address. */
void sim_network_answer(struct sim_network *network, uint64_t now_us, unsigned remote, const struct address *to,
                        const uint8_t *bytes, size_t len, uint64_t after_us);

uint64_t sim_network_next_us(const struct sim_network *network); /* UINT64_MAX: nothing on the way */
/* Takes what arrives at or before `now_us`. */
bool sim_network_take(struct sim_network *network, uint64_t now_us, struct sim_packet *packet);

/* How many packets came in from where the host's port had never sent to. Without any, what a ban swallowed and what a
 * filter that lets in only the asked would have turned away are the same. */
unsigned sim_network_strangers(const struct sim_network *network);

/* Whether the host's port is reachable from a stranger that was never asked: the truth a verdict is held against. */
bool sim_forwarded(const struct sim_router *router, uint16_t port);

#endif
