/* Carries Binding requests: paced, repeated, signed when the server asks for it, and matched with their answers. Each
 * exchange has a number below `capacity` that its owner gives; it ends in exactly one place (finish, in courier.c) and
 * is then collected. Pure: time and packets come in, packets and answers go out. */
#ifndef SWEEP_COURIER_H
#define SWEEP_COURIER_H

#include "base/address.h"
#include "base/attributes.h"
#include "sweep/consent.h"
#include "sweep/exchange.h"
#include "sweep/loss.h"
#include "sweep/plan.h"
#include "sweep/sweep.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COURIER_NOBODY UINT32_MAX

struct courier;

struct courier *courier_create(const struct plan *plan, uint32_t capacity) MUST_CHECK; /* NULL when memory is short */
void courier_destroy(struct courier *courier);                                         /* NULL is fine */

/* Another server: consent, nonces and what was measured start anew; exchanges under way are dropped. */
void courier_change_server(struct courier *courier);

/* Exchange `number` must be idle. Asking for nothing yet: it is sent when its turn comes. */
void courier_ask(struct courier *courier, uint32_t number, const struct request *request);
void courier_drop(struct courier *courier, uint32_t number); /* forgets it; nothing is collected */
void courier_forget_identity(struct courier *courier, uint32_t identity);

/* Takes a finished exchange; its number is idle again. */
bool courier_has_finished(const struct courier *courier);
bool courier_collect(struct courier *courier, uint32_t *number, struct answer *answer);

/* Returns true with a SWEEP_SEND, or false with action->wake_us (UINT64_MAX: nothing will happen by itself). */
bool courier_next(struct courier *courier, uint64_t now_us, struct sweep_action *action);
/* Whether a new request of a port would be sent at once. */
bool courier_idle(const struct courier *courier, uint64_t now_us);
uint64_t courier_pace_wake_us(const struct courier *courier); /* when the pace allows the next packet */
void courier_slow_down(struct courier *courier);

/* `likely` is the exchange that a packet without a readable transaction id is blamed on, or COURIER_NOBODY. */
void courier_received(struct courier *courier, uint64_t now_us, uint32_t endpoint, uint32_t likely,
                      const struct address *from, const uint8_t *bytes, size_t len);
void courier_icmp(struct courier *courier, uint64_t now_us, uint32_t number, const struct address *to,
                  enum sweep_icmp icmp);
void courier_send_failed(struct courier *courier, uint64_t now_us, uint32_t endpoint, int error);

const struct consent *courier_consent(const struct courier *courier);
struct loss courier_loss(const struct courier *courier); /* of the worse way */
uint64_t courier_rtt_us(const struct courier *courier);  /* smoothed, of the slower address; 0 = not measured */

#endif
