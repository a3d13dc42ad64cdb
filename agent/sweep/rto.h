/* How long to wait for an answer: the estimator of RFC 6298 over measured round trips, with other bounds. A sweep asks
 * thousands of ports once, so it repeats soon and at a hardly growing interval (doubling from 60 ms costs a closed
 * sweep 3.8 s instead of one), and waits long after the last send, so that a late answer still counts. How far the
 * server is the shortest round trip says: the others also tell of queues, such as a sweep's own. */
#ifndef SWEEP_RTO_H
#define SWEEP_RTO_H

#include <stdint.h>

struct rto {
    uint64_t srtt_us, rttvar_us, shortest_us;
    uint32_t samples;
};

void rto_sample(struct rto *rto, uint64_t rtt_us);

/* From the `sends`-th send (1, 2, ...) to the next. */
uint64_t rto_interval_us(const struct rto *rto, unsigned sends);

/* From the last send to the verdict "silent". */
uint64_t rto_last_wait_us(const struct rto *rto);

#endif
