/* Port profiles that are built in: the ports a product needs, as data. */
#ifndef PROTO_PORT_PROFILE_H
#define PROTO_PORT_PROFILE_H

#include "proto/port_list.h"

struct port_profile {
    const char *name; /* "@3cx" */
    const struct port_range *ranges;
    size_t count;
};

/* NULL when there is no profile of that name. */
const struct port_profile *port_profile_find(const char *name);

#endif
