#include "dashboard/forwarded.h"

#include <string.h>

struct address forwarded_source(const struct address *peer, const struct address *proxy, const char *header)
{
    struct address named;
    if (!header || !address_same_ip(peer, proxy))
        return *peer;
    const char *comma = strrchr(header, ',');
    const char *last = comma ? comma + 1 : header;
    last += strspn(last, " \t");
    return address_parse(last, &named) == 0 ? named : *peer;
}
