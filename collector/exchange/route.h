/* A connection as a ROUTER names it: the routing id that libzmq made up for it. */
#ifndef EXCHANGE_ROUTE_H
#define EXCHANGE_ROUTE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* libzmq's own ids are a zero byte and a 32-bit number. A peer that names itself could take over another's connection,
 * so no other id is served. */
#define ROUTE_BYTES 5

struct route {
    uint8_t id[ROUTE_BYTES];
};

static inline bool route_equal(const struct route *a, const struct route *b)
{
    return memcmp(a->id, b->id, ROUTE_BYTES) == 0;
}

#endif
