/* Whom a proxy speaks for (pure): X-Forwarded-For names one address after the other, and only the last one was written
 * by the proxy itself; what stands before it anybody can send. */
#ifndef DASHBOARD_FORWARDED_H
#define DASHBOARD_FORWARDED_H

#include "base/address.h"

/* Where a request came from: `peer`, or what `proxy` says when it is the peer. `header` is the last X-Forwarded-For,
 * NULL: none. */
struct address forwarded_source(const struct address *peer, const struct address *proxy, const char *header) MUST_CHECK;

#endif
