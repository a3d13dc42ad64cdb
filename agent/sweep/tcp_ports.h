/* The TCP ports of a sweep: their place in the report, the order in which they are tried, and their verdicts. A port is
 * named by its index in the report. Pure. */
#ifndef SWEEP_TCP_PORTS_H
#define SWEEP_TCP_PORTS_H

#include "base/attributes.h"
#include "proto/report.h"
#include "sweep/order.h"
#include "sweep/plan.h"

#include <stdbool.h>
#include <stdint.h>

#define TCP_PORTS_NONE UINT32_MAX

struct tcp_ports {
    struct report *report;
    uint32_t first, count; /* where they stand in the report, after the UDP ports */
    struct order order;
    uint32_t taken, done;
    uint32_t *retry; /* ports that were taken and put back */
    uint32_t retry_count;
};

/* All of the report, which must outlive `ports`, none perhaps; each is "not tested" from here on. 0, or -ENOMEM. */
int tcp_ports_init(struct tcp_ports *ports, const struct plan *plan, struct report *report) MUST_CHECK;
void tcp_ports_free(struct tcp_ports *ports);

struct port_result *tcp_ports_at(const struct tcp_ports *ports, uint32_t index);

/* The next port of the shuffled order, those put back first; TCP_PORTS_NONE when there is none. */
uint32_t tcp_ports_take(struct tcp_ports *ports);
void tcp_ports_put_back(struct tcp_ports *ports, uint32_t index); /* once for each time it was taken */
uint32_t tcp_ports_left(const struct tcp_ports *ports);

void tcp_ports_judge(struct tcp_ports *ports, uint32_t index, enum verdict verdict, enum reason reason);
/* One that was judged turns out to be something else. */
void tcp_ports_judge_anew(struct tcp_ports *ports, uint32_t index, enum verdict verdict, enum reason reason);
/* Every port that has no verdict of its own gets this one. */
void tcp_ports_judge_rest(struct tcp_ports *ports, enum verdict verdict, enum reason reason, enum tri reached);
/* A common cause explains better: the failures, these and what reached another host, those that were silence, the
 * passes. */
void tcp_ports_doubt_failures(struct tcp_ports *ports, enum reason reason);
void tcp_ports_doubt_all_failures(struct tcp_ports *ports, enum reason reason);
/* The same of one port; returns whether it had failed. */
bool tcp_ports_doubt_failure(struct tcp_ports *ports, uint16_t port, enum reason reason);
void tcp_ports_doubt_silence(struct tcp_ports *ports, enum reason reason);
void tcp_ports_doubt_passes(struct tcp_ports *ports, enum reason reason);
bool tcp_ports_some_failed(const struct tcp_ports *ports);    /* or reached another host */
bool tcp_ports_some_elsewhere(const struct tcp_ports *ports); /* reached another host */
bool tcp_ports_some_passed(const struct tcp_ports *ports);
/* A port, by chance of `seed`, that is not among them and that no service has for its own; 0 when there is none. */
uint16_t tcp_ports_unused(const struct tcp_ports *ports, uint64_t seed);
bool tcp_ports_tried(const struct tcp_ports *ports, uint16_t port); /* at least once */

/* Puts back, to be tried again: every port that was silent, with no verdict any more;
 * the passed one that is nearest to one that did not; every one that was turned away or reached another host; the same
 * and the passed ones, but `index`. Return whether there was one. */
bool tcp_ports_put_back_silent(struct tcp_ports *ports);
void tcp_ports_put_back_nearest(struct tcp_ports *ports);
bool tcp_ports_put_back_turned_away(struct tcp_ports *ports);
void tcp_ports_put_back_answered(struct tcp_ports *ports, uint32_t index);

#endif
