/* Packets per second without bursts: the generic cell rate algorithm (ITU-T I.371). Two milliseconds' worth may go at
 * once, since no program wakes up on the microsecond. */
#ifndef SWEEP_PACER_H
#define SWEEP_PACER_H

#include <stdbool.h>
#include <stdint.h>

struct pacer {
    bool adaptive; /* unpaced: as fast as the server answers */
    uint64_t interval_ns;
    uint64_t due_ns; /* when the next packet would go at an even pace */
    uint64_t rtt_min_us, adapted_us;
};

/* `pace_pps` 0 = unpaced, which still is no flood: see PACER_UNPACED_PPS in pacer.c. */
struct pacer pacer_make(uint32_t pace_pps);

/* Takes the right to send one packet; false when it is too early. */
bool pacer_take(struct pacer *pacer, uint64_t now_us);
bool pacer_ready(const struct pacer *pacer, uint64_t now_us);

/* When to come back: a little later than the next packet's time when packets are close together, to send several a
 * wake-up. */
uint64_t pacer_wake_us(const struct pacer *pacer);

/* A round trip was measured. Unpaced, a growing one means that packets queue up somewhere, and soon are lost there. */
void pacer_round_trip(struct pacer *pacer, uint64_t now_us, uint64_t rtt_us);

/* From now on half as fast. */
void pacer_slow_down(struct pacer *pacer);

#endif
