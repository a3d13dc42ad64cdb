/* What an ICMP or ICMPv6 error says about a UDP packet that was sent (pure). RFC 792, RFC 1122 section 3.2.2.1, RFC
 * 1812 section 5.2.7.1, RFC 4443 section 3.1. */
#ifndef NET_ICMP_H
#define NET_ICMP_H

#include "base/address.h"
#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

enum icmp_cause { ICMP_CAUSE_ADMIN_PROHIBITED, ICMP_CAUSE_PORT_UNREACHABLE, ICMP_CAUSE_NO_ROUTE };

/* An error about a datagram that local port `local_port` sent to `to`. */
struct icmp_error {
    enum icmp_cause cause;
    uint16_t local_port;
    struct address to;
};

/* The cause for a type and code. Returns 0, or -ENOENT when they do not say that the destination cannot be reached
 * (fragmentation needed, time exceeded, ...). */
int icmp_cause_v4(uint8_t type, uint8_t code, enum icmp_cause *cause) MUST_CHECK;
int icmp_cause_v6(uint8_t type, uint8_t code, enum icmp_cause *cause) MUST_CHECK;

/* Reads what a raw ICMP socket delivers: the IPv4 header with the ICMP message behind it; for IPv6 the ICMPv6 message
 * alone. Returns 0, -ENOENT when it is no error about a UDP datagram, or -EBADMSG when it is cut short. */
int icmp_read_v4(const uint8_t *bytes, size_t len, struct icmp_error *out) MUST_CHECK;
int icmp_read_v6(const uint8_t *bytes, size_t len, struct icmp_error *out) MUST_CHECK;

#endif
