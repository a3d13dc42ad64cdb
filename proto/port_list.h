/* Port lists as people write them: "5060/udp,5060-5061/tcp,9000-10999/udp" or a profile "@3cx". */
#ifndef PROTO_PORT_LIST_H
#define PROTO_PORT_LIST_H

#include "base/attributes.h"
#include "proto/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_RANGES_MAX 1024
#define PORT_LIST_MESSAGE_BYTES 256

struct port_range {
    uint16_t first, last; /* inclusive, 1..65535 */
    uint8_t transport;    /* enum transport */
    uint8_t role;         /* enum port_role */
    uint8_t expect;       /* enum port_expect */
    uint8_t group;        /* alternatives: ports of one non-zero group stand in for each other (443 or 5001) */
};

/* Disjoint ranges, ascending by transport, then port. */
struct port_list {
    size_t count;
    struct port_range ranges[PORT_RANGES_MAX];
};

/* Parses text, merges overlaps, knows the built-in profiles. Returns 0, or -EINVAL with one sentence in `message` that
 * names the offending part and what is allowed; `list` is then unchanged. */
int port_list_parse(const char *text, struct port_list *list, char message[PORT_LIST_MESSAGE_BYTES]) MUST_CHECK;
size_t port_list_size(const struct port_list *list); /* ports, not ranges */
bool port_list_contains(const struct port_list *list, enum transport transport, uint16_t port);

#endif
