/* An IPv4 or IPv6 transport address, as a plain value. */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include "base/attributes.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest text: "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:65535" and its NUL. */
#define ADDRESS_TEXT_BYTES 56

struct address {
    uint8_t family; /* 4, 6, or 0 for "unknown"; an all-zero struct is the unknown address */
    uint16_t port;  /* host byte order */
    uint8_t ip[16]; /* network byte order; the first 4 bytes when family is 4, the rest zero */
};

/* Parses "1.2.3.4", "1.2.3.4:5", "2001:db8::1" or "[2001:db8::1]:5" (numeric only; port 0 when absent). Returns 0 or
 * -1. */
int address_parse(const char *text, struct address *address) MUST_CHECK;

/* Writes "ip:port" ("[ip]:port" for IPv6; "unknown" when family is 0) into `text` and returns it. */
const char *address_format(const struct address *address, char text[ADDRESS_TEXT_BYTES]);
/* The same without the port and without brackets. */
const char *address_format_ip(const struct address *address, char text[ADDRESS_TEXT_BYTES]);

bool address_known(const struct address *address);
bool address_equal(const struct address *a, const struct address *b);   /* ip and port */
bool address_same_ip(const struct address *a, const struct address *b); /* ip only; false when either is unknown */
bool address_is_loopback(const struct address *address);
/* True for addresses that cannot be reached over the public internet: RFC 1918, RFC 6598 (100.64/10), link-local,
 * loopback, unspecified, multicast, broadcast, unique local (fc00::/7). The documentation nets (RFC 5737, 3849) count
 * as public. */
bool address_is_private(const struct address *address);
/* A block of addresses of one family: the first `bits` bits of `ip`. */
struct address_prefix {
    uint8_t ip[16];
    uint8_t bits;
};
/* Whether an address, whose family the caller has looked at, lies in one of these. */
bool address_within(const struct address *address, const struct address_prefix *prefixes, size_t count);
bool address_is_shared_space(const struct address *address); /* RFC 6598: a carrier's NAT */

struct address address_from_sockaddr(const struct sockaddr *sockaddr); /* v4-mapped IPv6 becomes IPv4 */
/* Returns the length of the filled-in sockaddr, 0 for the unknown address. */
socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *sockaddr);

#endif
