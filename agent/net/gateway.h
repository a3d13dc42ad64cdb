/* The default gateway, as the kernel's routing table in /proc tells. IPv4. */
#ifndef NET_GATEWAY_H
#define NET_GATEWAY_H

#include "base/address.h"
#include "base/attributes.h"

/* `proc` is "/proc", or another tree in tests. Of several default routes the one with the lowest metric counts. Returns
 * 0 and the address (port 0), -ENOENT when there is none, or -errno. */
int gateway_find(const char *proc, struct address *gateway) MUST_CHECK;

#endif
