/* The ports of a batch, put together by what was found out about them (pure): all ports of a part have the same
 * transport, verdict, reason and facts, so that a part is one row of port_verdict. */
#ifndef STORE_PORT_PARTS_H
#define STORE_PORT_PARTS_H

#include "base/attributes.h"
#include "proto/report.h"

#include <stddef.h>
#include <stdint.h>

struct port_part {
    const struct port_result *sample; /* any of its ports: they agree in all that the row holds */
    size_t first, count;              /* its place in `order` */
};

struct port_parts {
    struct port_part *parts;
    size_t count;
    const struct port_result **order; /* the ports part by part, ascending within each */
};

/* `report` must outlive the parts. Returns 0 or -ENOMEM. */
int port_parts_make(const struct report *report, struct port_parts *out) MUST_CHECK;
void port_parts_free(struct port_parts *parts);

#endif
