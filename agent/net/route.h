/* Which of this host's addresses a packet would leave with. Nothing is sent. */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include "base/address.h"
#include "base/attributes.h"

/* The source address (port 0) the kernel picks towards `to`. Returns 0 or -errno (-ENETUNREACH: no route). */
int route_local_address(const struct address *to, struct address *local) MUST_CHECK;

/* Returns 0 when `address` is one of this host's, -EADDRNOTAVAIL when it is not, or another -errno. */
int route_check_local(const struct address *address) MUST_CHECK;

#endif
