/* Where agents find the collectors, and the keys that prove them: what an agent holds on to. The key of each endpoint
 * stands at the endpoint's place, so that it is tried there first; keys that will replace them follow. Pure. */
#ifndef EXCHANGE_DIRECTORY_H
#define EXCHANGE_DIRECTORY_H

#include "base/curve_key.h"
#include "proto/limits.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty one. */
struct directory {
    size_t endpoint_count, key_count;
    char endpoints[DIRECTORY_ENDPOINTS_MAX][WIRE_NAME_BYTES_MAX]; /* tcp://HOST:PORT */
    uint8_t keys[DIRECTORY_KEYS_MAX][CURVE_KEY_BYTES];
};

/* Adds an endpoint of a collector, before any next key. One that is too long, or one too many, is left out. */
void directory_add(struct directory *directory, const char *endpoint, const uint8_t key[CURVE_KEY_BYTES]);
/* Adds a key that will replace another, unless it is there; what finds no room is left out. */
void directory_add_next_key(struct directory *directory, const uint8_t key[CURVE_KEY_BYTES]);
bool directory_equal(const struct directory *a, const struct directory *b);

/* The lists as messages want them; they point into the directory. */
struct directory_lists {
    char *endpoints[DIRECTORY_ENDPOINTS_MAX];
    ProtobufCBinaryData keys[DIRECTORY_KEYS_MAX];
};
void directory_lend(const struct directory *directory, struct directory_lists *lists);

#endif
