/* The sweep engine: pure. It is handed time, packets and errors, and hands out actions. It never reads a clock, opens a
 * socket or resolves a name; runner.c does that, and tests/sim does it against a simulated network.
 *
 * An endpoint is a place to send from. Ports under test are numbered by their port, ephemeral endpoints from
 * SWEEP_EPHEMERAL on. The engine opens an endpoint before its first send and closes it after its last.
 *
 *     for (;;)
 *         switch (sweep_next(sweep, now_us, &action)) {...}
 *
 * until SWEEP_WAIT; then sleep until action.wake_us or an event, and report what came by sweep_received, sweep_icmp,
 * ...
 */
#ifndef SWEEP_SWEEP_H
#define SWEEP_SWEEP_H

#include "base/address.h"
#include "base/attributes.h"
#include "proto/report.h"
#include "sweep/outcome.h"
#include "sweep/plan.h"

#include <stddef.h>
#include <stdint.h>

#define SWEEP_EPHEMERAL 65536u /* first number of the ephemeral endpoints */
#define SWEEP_PACKET_BYTES 1280

enum sweep_action_kind {
    SWEEP_OPEN,  /* open `endpoint`: bind port `endpoint` when below SWEEP_EPHEMERAL (nothing to bind when the plan is
                    live),  any free port otherwise, bound before it sends, as its port must be known; answer with
                    sweep_opened or sweep_open_failed before the next sweep_next */
    SWEEP_SEND,  /* send `len` bytes of `packet` from `endpoint` to `to` */
    SWEEP_CLOSE, /* close `endpoint`; what arrives for it later may be dropped */
    SWEEP_WAIT,  /* nothing to do before wake_us or the next event */
    SWEEP_DONE   /* sweep_take_report now gives the report */
};

struct sweep_action {
    enum sweep_action_kind kind;
    uint32_t endpoint;
    struct address to;
    const uint8_t *packet; /* valid until the next call */
    size_t len;
    bool probes; /* it goes to a server's second address: from a port of the plan, plan_mark_probed */
    uint64_t wake_us;
};

enum sweep_icmp { SWEEP_ICMP_ADMIN_PROHIBITED, SWEEP_ICMP_PORT_UNREACHABLE, SWEEP_ICMP_NO_ROUTE };

struct sweep_progress {
    uint32_t ports_done, ports_total;
    uint64_t remaining_us;
    const char *stage; /* "qualifying the server", "sweeping", ... */
};

struct sweep;

/* `plan` must outlive the sweep. Returns NULL when memory is short. */
struct sweep *sweep_create(const struct plan *plan, uint64_t now_us) MUST_CHECK;
void sweep_destroy(struct sweep *sweep); /* NULL is fine */

/* Fills in the next action and returns its kind. */
enum sweep_action_kind sweep_next(struct sweep *sweep, uint64_t now_us, struct sweep_action *action);

/* `local` is the address the kernel chose. For ephemeral endpoints its ip must be the one that the route to the server
 * gives (the socket itself stays unconnected, so ask a second, connected one), or a host without NAT cannot be told;
 * for ports under test it may be unspecified. */
void sweep_opened(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *local);
/* `error` is a positive errno; EADDRINUSE makes the port in_use, held by `owner` (NULL = unknown). */
void sweep_open_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error,
                       const struct port_owner *owner);
void sweep_send_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error);
/* A datagram from `from` that arrived at `endpoint`. Any bytes are fine. */
void sweep_received(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *from,
                    const uint8_t *bytes, size_t len);
/* An ICMP error about a packet that `endpoint` sent to `to`. */
void sweep_icmp(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *to,
                enum sweep_icmp icmp);

/* Stops sending; what is known is judged, the rest is not_tested: cancelled. */
void sweep_cancel(struct sweep *sweep, uint64_t now_us);

void sweep_get_progress(const struct sweep *sweep, uint64_t now_us, struct sweep_progress *progress);

/* After SWEEP_DONE: what ended it. */
enum sweep_end sweep_ended_by(const struct sweep *sweep);

/* After SWEEP_DONE: the report, once; the caller frees it. NULL when memory is short. */
struct report *sweep_take_report(struct sweep *sweep) MUST_CHECK;

#endif
