#include "sweep/this_side.h"

#include <string.h>

#define IPV6_NET_BYTES 8

bool this_side(const struct address *from, const struct address *site, const struct address *server)
{
    bool same_net = from->family == 6 && site->family == 6 && memcmp(from->ip, site->ip, IPV6_NET_BYTES) == 0;
    return same_net || address_same_ip(from, site) || (address_is_private(from) && !address_is_private(server));
}
