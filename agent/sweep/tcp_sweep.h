/* The TCP ports of a sweep (pure): a TURN server (RFC 6062) is asked to connect to each from its relayed address, and
 * what arrives at this host judges the port. It runs after the UDP ports, into the same report. Like sweep.h it is
 * handed time, bytes and arrivals, and hands out actions; the Connect always aims at this host's own address, as the
 * TURN server sees it. */
#ifndef SWEEP_TCP_SWEEP_H
#define SWEEP_TCP_SWEEP_H

#include "base/address.h"
#include "base/attributes.h"
#include "proto/report.h"
#include "sweep/plan.h"
#include "sweep/sweep.h"
#include "sweep/tcp_action.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tcp_sweep;

/* `server` is the TURN server. `plan` and `report` must outlive it. The report's TCP ports, none perhaps, are judged.
 * What has no verdict at the plan's ports_until_us is left not tested. NULL when memory is short. */
struct tcp_sweep *tcp_sweep_create(const struct plan *plan, const struct address *server, struct report *report,
                                   uint64_t now_us) MUST_CHECK;
void tcp_sweep_destroy(struct tcp_sweep *sweep); /* NULL is fine */

enum tcp_action_kind tcp_sweep_next(struct tcp_sweep *sweep, uint64_t now_us, struct tcp_action *action);

void tcp_sweep_control_opened(struct tcp_sweep *sweep, uint64_t now_us);
/* It could not be opened, or has ended. `error` is a positive errno, 0 when the server closed it. */
void tcp_sweep_control_failed(struct tcp_sweep *sweep, uint64_t now_us, int error);
void tcp_sweep_control_received(struct tcp_sweep *sweep, uint64_t now_us, const uint8_t *bytes, size_t len);
/* A connection request from `from` reached local port `port`. */
void tcp_sweep_arrived(struct tcp_sweep *sweep, uint64_t now_us, uint16_t port, const struct address *from);
void tcp_sweep_listen_failed(struct tcp_sweep *sweep, uint16_t port, int error, const struct port_owner *owner);
void tcp_sweep_cancel(struct tcp_sweep *sweep, uint64_t now_us);
/* Nothing more can be sent or heard here: no verdict stays that the rest of the sweep might have taken back. */
void tcp_sweep_fail(struct tcp_sweep *sweep);
void tcp_sweep_get_progress(const struct tcp_sweep *sweep, uint64_t now_us, struct sweep_progress *progress);

/* Whether the server spoke TURN or STUN with us over TCP, if only to refuse. */
bool tcp_sweep_answered(const struct tcp_sweep *sweep);

#endif
