/* UDP packets as raw sockets carry them (pure): RFC 768 with the pseudo header of RFC 791 or RFC 8200 section 8.1. */
#ifndef NET_UDP_PACKET_H
#define NET_UDP_PACKET_H

#include "base/address.h"
#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

#define UDP_HEADER_BYTES 8

/* Writes header, checksum and payload of a datagram `from` -> `to`. Both addresses must be of one family: the checksum
 * covers them, so `from` must be the address that the packet will really leave with. Returns the length, or -EMSGSIZE
 * when it does not fit. */
int udp_packet_write(uint8_t *out, size_t capacity, const struct address *from, const struct address *to,
                     const uint8_t *payload, size_t len) MUST_CHECK;

/* A datagram inside somebody else's bytes. */
struct udp_packet {
    uint16_t from_port, to_port;
    const uint8_t *payload;
    size_t len;
};

/* Reads what a raw UDP socket delivers: for family 4 the IPv4 header comes first, for family 6 the UDP header. The
 * checksum is not looked at: between namespaces of one machine it is often left for hardware that is not there, and a
 * STUN answer must match a transaction id anyway. Returns 0 or -EBADMSG. */
int udp_packet_read(uint8_t family, const uint8_t *bytes, size_t len, struct udp_packet *out) MUST_CHECK;

#endif
