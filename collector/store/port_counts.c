#include "store/port_counts.h"

static void count_forward(struct port_counts *counts, const struct port_result *port)
{
    uint8_t arrives = port->unsolicited != TRI_UNKNOWN ? port->unsolicited : port->inbound;
    if (port->expect == EXPECT_CLOSED || !verdict_is_judged((enum verdict)port->verdict))
        return;
    counts->forwarded += arrives == TRI_YES;
    counts->unforwarded += arrives == TRI_NO;
}

struct port_counts port_counts_make(const struct report *report)
{
    struct port_counts counts = {0};
    for (size_t i = 0; i < report->port_count; i++) {
        const struct port_result *port = &report->ports[i];
        switch (port_result_as_expected(port)) {
        case TRI_YES: counts.pass++; break;
        case TRI_NO: counts.fail++; break;
        case TRI_UNKNOWN: counts.unjudged++; break;
        }
        count_forward(&counts, port);
    }
    return counts;
}
