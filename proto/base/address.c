#include "base/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RFC 6890's special-purpose blocks that never are a public address. */
static const struct address_prefix private4[] = {{{0}, 8},         {{10}, 8},        {{100, 64}, 10},
                                                 {{127}, 8},       {{169, 254}, 16}, {{172, 16}, 12},
                                                 {{192, 168}, 16}, {{224}, 4},       {{240}, 4}};
static const struct address_prefix private6[] = {{{0}, 127}, {{0xfc}, 7}, {{0xfe, 0x80}, 10}, {{0xff}, 8}};

static bool in_prefix(const uint8_t *ip, const struct address_prefix *prefix)
{
    unsigned whole = prefix->bits / 8, rest = prefix->bits % 8;
    if (memcmp(ip, prefix->ip, whole) != 0)
        return false;
    return rest == 0 || ((ip[whole] ^ prefix->ip[whole]) >> (8 - rest)) == 0;
}

static int parse_port(const char *text, uint16_t *port)
{
    if (*text < '0' || *text > '9')
        return -1;
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*end || value > 65535)
        return -1;
    *port = (uint16_t)value;
    return 0;
}

/* Copies text[0..len) and parses it as an ip of `family`. */
static int parse_ip(const char *text, size_t len, uint8_t family, struct address *address)
{
    char ip[INET6_ADDRSTRLEN];
    if (len >= sizeof ip)
        return -1;
    memcpy(ip, text, len);
    ip[len] = '\0';
    if (inet_pton(family == 4 ? AF_INET : AF_INET6, ip, address->ip) != 1)
        return -1;
    address->family = family;
    return 0;
}

static int parse_bracketed(const char *text, struct address *address)
{
    const char *close = strchr(text, ']');
    if (!close || parse_ip(text + 1, (size_t)(close - text - 1), 6, address) != 0)
        return -1;
    if (close[1] == '\0')
        return 0;
    return close[1] == ':' ? parse_port(close + 2, &address->port) : -1;
}

int address_parse(const char *text, struct address *address)
{
    struct address parsed = {0};
    const char *colon = strchr(text, ':');
    int error;
    if (text[0] == '[')
        error = parse_bracketed(text, &parsed);
    else if (colon && strchr(colon + 1, ':'))
        error = parse_ip(text, strlen(text), 6, &parsed);
    else if (colon)
        error = parse_ip(text, (size_t)(colon - text), 4, &parsed) || parse_port(colon + 1, &parsed.port) ? -1 : 0;
    else
        error = parse_ip(text, strlen(text), 4, &parsed);
    if (error)
        return -1;
    *address = parsed;
    return 0;
}

const char *address_format_ip(const struct address *address, char text[ADDRESS_TEXT_BYTES])
{
    snprintf(text, ADDRESS_TEXT_BYTES, "unknown");
    if (address->family != 0)
        inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->ip, text, ADDRESS_TEXT_BYTES);
    return text;
}

const char *address_format(const struct address *address, char text[ADDRESS_TEXT_BYTES])
{
    char ip[ADDRESS_TEXT_BYTES];
    address_format_ip(address, ip);
    const bool v6 = address->family == 6;
    if (address->family == 0)
        snprintf(text, ADDRESS_TEXT_BYTES, "%s", ip);
    else
        snprintf(text, ADDRESS_TEXT_BYTES, "%s%.46s%s:%u", v6 ? "[" : "", ip, v6 ? "]" : "", (unsigned)address->port);
    return text;
}

bool address_known(const struct address *address)
{
    return address->family != 0;
}

bool address_same_ip(const struct address *a, const struct address *b)
{
    return a->family != 0 && a->family == b->family && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

bool address_equal(const struct address *a, const struct address *b)
{
    return address_same_ip(a, b) && a->port == b->port;
}

bool address_is_loopback(const struct address *address)
{
    static const uint8_t loopback6[16] = {[15] = 1};
    if (address->family == 4)
        return address->ip[0] == 127;
    return address->family == 6 && memcmp(address->ip, loopback6, sizeof loopback6) == 0;
}

bool address_within(const struct address *address, const struct address_prefix *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (in_prefix(address->ip, &prefixes[i]))
            return true;
    }
    return false;
}

bool address_is_private(const struct address *address)
{
    if (address->family == 4)
        return address_within(address, private4, ARRAY_LEN(private4));
    return address->family == 6 && address_within(address, private6, ARRAY_LEN(private6));
}

bool address_is_shared_space(const struct address *address)
{
    static const struct address_prefix shared = {{100, 64}, 10};
    return address->family == 4 && in_prefix(address->ip, &shared);
}

struct address address_from_sockaddr(const struct sockaddr *sockaddr)
{
    static const uint8_t v4_mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct address address = {0};
    if (sockaddr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sockaddr, sizeof in);
        address.family = 4;
        address.port = ntohs(in.sin_port);
        memcpy(address.ip, &in.sin_addr, 4);
    } else if (sockaddr->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, sockaddr, sizeof in6);
        address.port = ntohs(in6.sin6_port);
        bool mapped = memcmp(&in6.sin6_addr, v4_mapped, sizeof v4_mapped) == 0;
        address.family = mapped ? 4 : 6;
        memcpy(address.ip, (const uint8_t *)&in6.sin6_addr + (mapped ? 12 : 0), mapped ? 4 : 16);
    }
    return address;
}

socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *sockaddr)
{
    memset(sockaddr, 0, sizeof *sockaddr);
    if (address->family == 4) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(address->port)};
        memcpy(&in.sin_addr, address->ip, 4);
        memcpy(sockaddr, &in, sizeof in);
        return sizeof in;
    }
    if (address->family == 6) {
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
        memcpy(&in6.sin6_addr, address->ip, 16);
        memcpy(sockaddr, &in6, sizeof in6);
        return sizeof in6;
    }
    return 0;
}
