/* A claimed sweep, as natsweep.claim_sweeps() and natsweep.resends() return it, made a StartSweep for its agent. */
#ifndef CONTROL_COMMAND_H
#define CONTROL_COMMAND_H

#include "base/attributes.h"
#include "exchange/order.h"

#include <libpq-fe.h>
#include <stdint.h>

/* Makes the order to send the sweep of `row`, with credentials minted from `turn_secret` unless that is NULL. Returns
 * 0, -ENOMEM, or -EINVAL when the row is nothing an agent could be told (then *sweep_id and *generation still name it,
 * if they can be read). */
int command_order(const PGresult *result, int row, const char *turn_secret, int64_t now_us, struct order **out,
                  uint64_t *sweep_id, uint32_t *generation) MUST_CHECK;

/* The order to cancel a sweep. Returns 0 or -ENOMEM. */
int command_cancel(int64_t agent_id, uint64_t sweep_id, uint32_t generation, const char *message,
                   struct order **out) MUST_CHECK;

#endif
