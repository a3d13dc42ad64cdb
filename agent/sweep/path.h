/* The way to one server and back: what was measured of it (round trips, loss), whether more may be sent (pace, consent)
 * and how long and how often to repeat. Pure. */
#ifndef SWEEP_PATH_H
#define SWEEP_PATH_H

#include "sweep/consent.h"
#include "sweep/loss.h"
#include "sweep/pacer.h"
#include "sweep/rto.h"

#include <stdbool.h>
#include <stdint.h>

struct path {
    struct pacer pacer;
    struct consent consent;
    struct rto rto, rto_second;
    struct loss first, second; /* of round trips by the first address only, and by both */
    uint32_t unheard;          /* sends of witnesses that stayed silent: loss, if the server is ever heard again */
};

struct path path_make(uint32_t pace_pps); /* 0 = unpaced */

/* To another server: consent and what was measured start anew, the pace stays. */
void path_change_server(struct path *path);

/* Whether a packet may go now; path_take also takes the right to send it. */
bool path_ready(const struct path *path, uint64_t now_us);
bool path_take(struct path *path, uint64_t now_us);
/* When the next packet may go; UINT64_MAX: not before the server answers. */
uint64_t path_wake_us(const struct path *path, uint64_t now_us);

/* The ways of a round trip: to the first address and back, there and back from the second, to the second and back. */
enum path_way { PATH_FIRST, PATH_BOTH, PATH_SECOND };

/* An answer came to a send, after `lost` others of the same request. */
void path_round_trip(struct path *path, uint64_t now_us, uint64_t rtt_us, unsigned lost, enum path_way way);
/* ... and it was one that renews the consent. */
void path_agreed(struct path *path, uint64_t now_us);
/* `sends` went where answers came from before, and none came. */
void path_silent(struct path *path, unsigned sends);

struct loss path_loss(const struct path *path); /* of the worse way */
unsigned path_sends_needed(const struct path *path);
/* How long to wait after the `tries`-th send (1, 2, ...), when no more follow: `last`. The second address may lie
 * farther away than the first. */
uint64_t path_wait_us(const struct path *path, unsigned tries, bool last, enum path_way way);

#endif
