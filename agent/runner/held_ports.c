#include "runner/held_ports.h"

void held_ports_name(const struct port_owner_table *owners, enum transport transport, struct report *report)
{
    for (size_t i = 0; owners && i < report->port_count; i++) {
        struct port_result *port = &report->ports[i];
        if (port->transport != transport || !port->live)
            continue;
        const struct port_owner *owner = port_owner_find(owners, port->port);
        if (owner && owner->pid != 0)
            report_set_owner(report, port, owner);
    }
}
