#include "store/port_plan.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool continues(const struct port_result *previous, const struct port_result *port)
{
    return port->transport == previous->transport && port->port == previous->port + 1 && port->role == previous->role &&
           port->expect == previous->expect;
}

/* The last number is the group of alternatives, which a report does not carry. */
static void write_range(struct pg_binary *out, const struct port_result *first, uint16_t last, bool leading)
{
    char text[64];
    snprintf(text, sizeof text, "%s\"(%u,%u,%u,%u,%u,0)\"", leading ? "" : ",", first->transport, first->port, last,
             first->role, first->expect);
    pg_bytes(out, text, strlen(text));
}

void port_plan_write(struct pg_binary *out, const struct report *report)
{
    size_t opened = pg_open(out);
    pg_bytes(out, "{", 1);
    for (size_t first = 0, next; first < report->port_count; first = next) {
        for (next = first + 1; next < report->port_count; next++)
            if (!continues(&report->ports[next - 1], &report->ports[next]))
                break;
        write_range(out, &report->ports[first], report->ports[next - 1].port, first == 0);
    }
    pg_bytes(out, "}", 1);
    pg_close(out, opened);
}
