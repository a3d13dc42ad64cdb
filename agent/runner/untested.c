#include "runner/untested.h"

#include "base/clock.h"

#include <stdio.h>

static void fill(struct report *report, const struct port_list *ports, enum reason reason)
{
    struct port_result *result = report->ports;
    for (size_t i = 0; i < ports->count; i++) {
        const struct port_range *range = &ports->ranges[i];
        for (unsigned port = range->first; port <= range->last; port++)
            *result++ = (struct port_result){.port = (uint16_t)port,
                                             .transport = range->transport,
                                             .role = range->role,
                                             .expect = range->expect,
                                             .verdict = VERDICT_NOT_TESTED,
                                             .reason = (uint8_t)reason,
                                             .rtt_us = RTT_UNKNOWN_US};
    }
}

struct report *untested_report(const struct port_list *ports, uint8_t family, enum outcome outcome, enum reason reason,
                               const char *message)
{
    struct report *report = report_create(port_list_size(ports), 0);
    if (!report)
        return NULL;
    report->outcome = (uint8_t)outcome;
    report->family = family;
    report->started_at_us = clock_wall_us();
    report->nat.nat_class = NAT_CLASS_UNKNOWN;
    report->nat.mapping = report->nat.filtering = BEHAVIOUR_UNKNOWN;
    report->nat.binding_lifetime_s = -1;
    snprintf(report->message, sizeof report->message, "%s", message);
    fill(report, ports, reason);
    return report;
}
