#include "net/icmp.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdbool.h>
#include <string.h>

#define ICMP_HEADER_BYTES 8
#define IPV4_HEADER_BYTES 20
#define IPV6_HEADER_BYTES 40
#define UDP_PORTS_BYTES 4 /* an ICMP error must carry 8 bytes of the datagram; the ports are all that is needed */

int icmp_cause_v4(uint8_t type, uint8_t code, enum icmp_cause *cause)
{
    if (type != ICMP_DEST_UNREACH)
        return -ENOENT;
    switch (code) {
    case ICMP_NET_UNREACH:
    case ICMP_HOST_UNREACH:
    case ICMP_NET_UNKNOWN:
    case ICMP_HOST_UNKNOWN:
    case ICMP_HOST_ISOLATED:
    case ICMP_NET_UNR_TOS:
    case ICMP_HOST_UNR_TOS: *cause = ICMP_CAUSE_NO_ROUTE; return 0;
    case ICMP_PROT_UNREACH:
    case ICMP_PORT_UNREACH: *cause = ICMP_CAUSE_PORT_UNREACHABLE; return 0;
    case ICMP_NET_ANO:
    case ICMP_HOST_ANO:
    case ICMP_PKT_FILTERED:
    case ICMP_PREC_VIOLATION:
    case ICMP_PREC_CUTOFF: *cause = ICMP_CAUSE_ADMIN_PROHIBITED; return 0;
    default: return -ENOENT;
    }
}

int icmp_cause_v6(uint8_t type, uint8_t code, enum icmp_cause *cause)
{
    enum { SOURCE_POLICY = 5, REJECT_ROUTE = 6 }; /* RFC 4443; netinet/icmp6.h has no names for them */

    if (type != ICMP6_DST_UNREACH)
        return -ENOENT;
    switch (code) {
    case ICMP6_DST_UNREACH_NOROUTE:
    case ICMP6_DST_UNREACH_BEYONDSCOPE:
    case ICMP6_DST_UNREACH_ADDR:
    case REJECT_ROUTE: *cause = ICMP_CAUSE_NO_ROUTE; return 0;
    case ICMP6_DST_UNREACH_NOPORT: *cause = ICMP_CAUSE_PORT_UNREACHABLE; return 0;
    case ICMP6_DST_UNREACH_ADMIN:
    case SOURCE_POLICY: *cause = ICMP_CAUSE_ADMIN_PROHIBITED; return 0;
    default: return -ENOENT;
    }
}

static uint16_t read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static void read_ports(const uint8_t *udp, struct icmp_error *error)
{
    error->local_port = read_u16(udp);
    error->to.port = read_u16(udp + 2);
}

/* Length of the IPv4 header at the start of bytes, or 0 when there is no whole one. */
static size_t ipv4_header_len(const uint8_t *bytes, size_t len)
{
    if (len < IPV4_HEADER_BYTES || bytes[0] >> 4 != 4)
        return 0;
    size_t header_len = (size_t)(bytes[0] & 0x0f) * 4;
    return header_len >= IPV4_HEADER_BYTES && header_len <= len ? header_len : 0;
}

int icmp_read_v4(const uint8_t *bytes, size_t len, struct icmp_error *out)
{
    struct icmp_error error = {.to.family = 4};
    size_t outer = ipv4_header_len(bytes, len);

    if (outer == 0 || len < outer + ICMP_HEADER_BYTES)
        return -EBADMSG;
    if (icmp_cause_v4(bytes[outer], bytes[outer + 1], &error.cause) != 0)
        return -ENOENT;
    const uint8_t *inner = bytes + outer + ICMP_HEADER_BYTES;
    size_t inner_len = len - outer - ICMP_HEADER_BYTES;
    size_t inner_header = ipv4_header_len(inner, inner_len);
    if (inner_header == 0 || inner_len < inner_header + UDP_PORTS_BYTES)
        return -EBADMSG;
    if (inner[9] != IPPROTO_UDP)
        return -ENOENT;
    memcpy(error.to.ip, inner + 16, 4);
    read_ports(inner + inner_header, &error);
    *out = error;
    return 0;
}

int icmp_read_v6(const uint8_t *bytes, size_t len, struct icmp_error *out)
{
    struct icmp_error error = {.to.family = 6};

    if (len < ICMP_HEADER_BYTES)
        return -EBADMSG;
    if (icmp_cause_v6(bytes[0], bytes[1], &error.cause) != 0)
        return -ENOENT;
    const uint8_t *inner = bytes + ICMP_HEADER_BYTES;
    if (len < ICMP_HEADER_BYTES + IPV6_HEADER_BYTES + UDP_PORTS_BYTES)
        return -EBADMSG;
    if (inner[6] != IPPROTO_UDP) /* our datagrams carry no extension headers */
        return -ENOENT;
    memcpy(error.to.ip, inner + 24, 16);
    read_ports(inner + IPV6_HEADER_BYTES, &error);
    *out = error;
    return 0;
}
