/* On which side of the site's router an address is. Pure. */
#ifndef SWEEP_THIS_SIDE_H
#define SWEEP_THIS_SIDE_H

#include "base/address.h"

#include <stdbool.h>

/* Whether `from` is on this side: `site` itself (an address of this host, or the one that the internet sees it at), of
 * its IPv6 net, or private where the server's address is not. */
bool this_side(const struct address *from, const struct address *site, const struct address *server);

#endif
