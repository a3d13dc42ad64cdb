#include "net/pcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

/* RFC 6887 sections 7.1, 7.2 and 11.1. */
#define VERSION 2
#define OPCODE_MAP 1
#define ANSWER 0x80
enum { RESULT_AT = 3, LIFETIME_AT = 4, CLIENT_AT = 8, NONCE_AT = 24, PROTOCOL_AT = 36, INTERNAL_PORT_AT = 40 };
enum { EXTERNAL_PORT_AT = 42, EXTERNAL_IP_AT = 44 };

static const uint8_t mapped_v4[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void write_u16(uint8_t *out, uint16_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static uint16_t read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

void pcp_write_map(uint8_t out[PCP_MAP_BYTES], const struct address *local, const uint8_t nonce[PCP_NONCE_BYTES],
                   uint32_t lifetime_s)
{
    memset(out, 0, PCP_MAP_BYTES);
    out[0] = VERSION;
    out[1] = OPCODE_MAP;
    write_u16(out + LIFETIME_AT, (uint16_t)(lifetime_s >> 16));
    write_u16(out + LIFETIME_AT + 2, (uint16_t)lifetime_s);
    memcpy(out + CLIENT_AT, mapped_v4, sizeof mapped_v4);
    memcpy(out + CLIENT_AT + sizeof mapped_v4, local->ip, 4);
    memcpy(out + NONCE_AT, nonce, PCP_NONCE_BYTES);
    out[PROTOCOL_AT] = IPPROTO_UDP;
    write_u16(out + INTERNAL_PORT_AT, local->port);
    memcpy(out + EXTERNAL_IP_AT, mapped_v4, sizeof mapped_v4); /* any address, any port */
}

int pcp_read_map(const uint8_t *bytes, size_t len, const struct address *local, const uint8_t nonce[PCP_NONCE_BYTES],
                 struct address *external)
{
    if (len < PROTOCOL_AT || bytes[0] != VERSION || bytes[1] != (ANSWER | OPCODE_MAP) ||
        memcmp(bytes + NONCE_AT, nonce, PCP_NONCE_BYTES) != 0)
        return -EBADMSG;
    if (bytes[RESULT_AT] != 0)
        return -EREMOTEIO;
    if (len < PCP_MAP_BYTES || bytes[PROTOCOL_AT] != IPPROTO_UDP || read_u16(bytes + INTERNAL_PORT_AT) != local->port ||
        memcmp(bytes + EXTERNAL_IP_AT, mapped_v4, sizeof mapped_v4) != 0)
        return -EBADMSG;
    *external = (struct address){.family = 4, .port = read_u16(bytes + EXTERNAL_PORT_AT)};
    memcpy(external->ip, bytes + EXTERNAL_IP_AT + sizeof mapped_v4, 4);
    return 0;
}
