/* One question to the configured name servers, asked only after getaddrinfo said "try again": it does not tell a name
 * server that failed from one that never answered. */
#ifndef NET_DNS_PROBE_H
#define NET_DNS_PROBE_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

/* Asks for the addresses (family 4: A, 6: AAAA) of `host`. Returns the RCODE of the first answer (RFC 1035
 * section 4.1.1; 2 is SERVFAIL), -ETIMEDOUT when none came, -ECONNREFUSED when nobody listens there, or another -errno.
 * Blocks for a few seconds. */
int dns_probe(const char *host, uint8_t family) MUST_CHECK;

/* The RCODE of a reply to the query `query`, or -EBADMSG when it is none (pure). */
int dns_reply_code(const uint8_t *query, size_t query_len, const uint8_t *reply, size_t len) MUST_CHECK;

#endif
