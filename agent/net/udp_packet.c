#include "net/udp_packet.h"

#include <errno.h>
#include <string.h>

#define IPV4_HEADER_BYTES 20

static void write_u16(uint8_t *out, unsigned value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static uint16_t read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Adds bytes to a one's complement sum (RFC 1071). */
static uint32_t sum_bytes(uint32_t sum, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += read_u16(bytes + i);
    if (len % 2 == 1)
        sum += (uint32_t)bytes[len - 1] << 8;
    return sum;
}

static uint16_t checksum(const struct address *from, const struct address *to, const uint8_t *udp, size_t len)
{
    size_t ip_bytes = from->family == 4 ? 4 : 16;
    uint32_t sum = IPPROTO_UDP + (uint32_t)len;

    sum = sum_bytes(sum, from->ip, ip_bytes);
    sum = sum_bytes(sum, to->ip, ip_bytes);
    sum = sum_bytes(sum, udp, len);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    /* Zero on the wire means "no checksum", so a computed zero is sent as all ones. */
    return sum == 0xffff ? 0xffff : (uint16_t)~sum;
}

int udp_packet_write(uint8_t *out, size_t capacity, const struct address *from, const struct address *to,
                     const uint8_t *payload, size_t len)
{
    size_t total = UDP_HEADER_BYTES + len;

    if (total > capacity || total > UINT16_MAX)
        return -EMSGSIZE;
    write_u16(out, from->port);
    write_u16(out + 2, to->port);
    write_u16(out + 4, (unsigned)total);
    write_u16(out + 6, 0);
    memcpy(out + UDP_HEADER_BYTES, payload, len);
    write_u16(out + 6, checksum(from, to, out, total));
    return (int)total;
}

int udp_packet_read(uint8_t family, const uint8_t *bytes, size_t len, struct udp_packet *out)
{
    size_t skip = 0;

    if (family == 4) {
        if (len < IPV4_HEADER_BYTES || bytes[0] >> 4 != 4)
            return -EBADMSG;
        skip = (size_t)(bytes[0] & 0x0f) * 4;
        if (skip < IPV4_HEADER_BYTES)
            return -EBADMSG;
    }
    if (len < skip + UDP_HEADER_BYTES)
        return -EBADMSG;
    const uint8_t *udp = bytes + skip;
    size_t udp_len = read_u16(udp + 4);
    if (udp_len < UDP_HEADER_BYTES || udp_len > len - skip)
        return -EBADMSG;
    *out = (struct udp_packet){.from_port = read_u16(udp),
                               .to_port = read_u16(udp + 2),
                               .payload = udp + UDP_HEADER_BYTES,
                               .len = udp_len - UDP_HEADER_BYTES};
    return 0;
}
