/* The ports that probes leave from. They send to the server's second address, which opens the NAT's filter for whatever
 * comes to that port next: so they are ports that nobody tests, as long as there are any. */
#ifndef RUNNER_EPHEMERAL_H
#define RUNNER_EPHEMERAL_H

#include "base/address.h"
#include "base/attributes.h"
#include "sweep/plan.h"

#include <stdint.h>

/* Binds a free UDP port at `local`'s ip: the kernel's choice, unless the plan tests it and one outside the plan can be
 * had. Returns the descriptor with `port` set, or -errno. */
int ephemeral_open(const struct plan *plan, const struct address *local, uint16_t *port) MUST_CHECK;

#endif
