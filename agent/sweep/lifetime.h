/* How long does the NAT keep an idle UDP mapping (RFC 5780 section 4.6)? Many ephemeral endpoints ask the server once
 * and then fall silent, each for another while; then the server is asked, from elsewhere, to answer to their mapped
 * ports. A probe through a mapping may refresh it, so no endpoint is used twice: the search narrows down in rounds of
 * many at a time, not one by one. Takes up to ten minutes; on request only. */
#ifndef SWEEP_LIFETIME_H
#define SWEEP_LIFETIME_H

#include "base/attributes.h"
#include "proto/report.h"
#include "sweep/plan.h"
#include "sweep/side_test.h"

#define LIFETIME_MAX_S 300

/* `report` tells the server; it and `plan` must outlive the test. NULL when memory is short. */
struct side_test *lifetime_create(const struct plan *plan, const struct report *report) MUST_CHECK;

/* After SWEEP_DONE: fills in report->nat.binding_lifetime_s, within about 4 %, and says in a warning when it is unknown
 * or longer than was waited for. */
void lifetime_conclude(const struct side_test *test, struct report *report);

#endif
