/* Does the router let LAN hosts reach each other by the public address (RFC 5780 section 4.5)? Two ephemeral endpoints
 * send to each other's mapped address, and one to a port that is forwarded, since most routers that hairpin do so for
 * their forwards only. Nothing leaves a port under test. */
#ifndef SWEEP_HAIRPIN_H
#define SWEEP_HAIRPIN_H

#include "base/attributes.h"
#include "proto/report.h"
#include "sweep/plan.h"
#include "sweep/side_test.h"

/* `report` tells the server, the public address and a forwarded port; it and `plan` must outlive the test. NULL when
 * memory is short. */
struct side_test *hairpin_create(const struct plan *plan, const struct report *report) MUST_CHECK;

/* After SWEEP_DONE: TRI_UNKNOWN without NAT, or when the server did not tell the mapped addresses. */
enum tri hairpin_result(const struct side_test *test);

#endif
