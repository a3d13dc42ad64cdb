/* A sweep in the simulated network, so that a test reads like a lab book: set up the site, sweep, look at the report.
 * What must hold in every sweep is checked while it runs. */
#ifndef SIM_LAB_H
#define SIM_LAB_H

#include "network.h"
#include "server.h"

#include "proto/report.h"
#include "sweep/plan.h"

struct lab {
    struct sim_router router;
    struct sim_path path;
    struct sim_server servers[SIM_SERVERS];
    struct plan plan;
    struct sim_range held; /* ports that another program has bound */
    uint64_t cancel_at_us; /* after the start; 0 = never */
    unsigned sockets_max;  /* 0 = no limit */
    int send_error;        /* errno of every send from a port under test */
    const char *strangers; /* somebody floods every port with packets that look like answers */
    bool memory_short;     /* allocations may fail: no sweep, or no report, is fine */
    /* what was seen */
    struct report *report; /* NULL when memory was short */
    uint32_t packets, ports_that_probed, most_in_100_ms;
    uint32_t strangers_in; /* see sim_network_strangers */
    uint32_t packets_before_answer[SIM_SERVERS];
    uint64_t took_us;
    uint64_t slipped_us; /* by how much the estimated end moved away during one wait for the end of a block, at most */
};

/* A router that keeps ports and turns strangers away, forwards nothing; one good server; 10 ms away; ports as given. */
void lab_begin(struct lab *lab, const char *ports);
void lab_forward(struct lab *lab, uint16_t first, uint16_t last);
/* Sweeps; fails the test when an invariant breaks. */
void lab_sweep(struct lab *lab);
void lab_end(struct lab *lab);

const struct port_result *lab_port(const struct lab *lab, uint16_t port);
uint32_t lab_count(const struct lab *lab, enum verdict verdict);

/* Say what was expected and what came in words. */
void lab_expect_outcome(const struct lab *lab, enum outcome outcome);
void lab_expect_class(const struct lab *lab, enum nat_class nat_class);
void lab_expect_port(const struct lab *lab, uint16_t port, enum verdict verdict, enum reason reason);
void lab_expect_all(const struct lab *lab, enum verdict verdict, enum reason reason);

#endif
