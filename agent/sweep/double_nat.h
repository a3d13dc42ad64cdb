/* Hints that another NAT stands behind the router, the provider's perhaps, which no forward on the router can open.
 * Pure: from what was seen to the report. */
#ifndef SWEEP_DOUBLE_NAT_H
#define SWEEP_DOUBLE_NAT_H

#include "base/address.h"
#include "proto/report.h"

#include <stdbool.h>

struct double_nat_evidence {
    struct address second_hop;  /* the router behind the router; family 0 = it does not say */
    bool server_is_second_hop;  /* nothing but one router in between */
    struct address router_wan;  /* the router's own external address; family 0 = it does not say */
    const char *router_wan_how; /* the protocol that told it */
};

/* Fills in report->nat.double_nat, and warns with the evidence for one. Also looks at the report's mapped ports: a
 * carrier gives each customer a block of them. */
void double_nat_judge(const struct double_nat_evidence *evidence, struct report *report);

#endif
