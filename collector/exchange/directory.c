#include "exchange/directory.h"

#include <string.h>

void directory_add(struct directory *directory, const char *endpoint, const uint8_t key[CURVE_KEY_BYTES])
{
    size_t len = strlen(endpoint);
    if (len >= WIRE_NAME_BYTES_MAX || directory->endpoint_count == DIRECTORY_ENDPOINTS_MAX)
        return;
    memcpy(directory->endpoints[directory->endpoint_count++], endpoint, len + 1);
    memcpy(directory->keys[directory->key_count++], key, CURVE_KEY_BYTES);
}

void directory_add_next_key(struct directory *directory, const uint8_t key[CURVE_KEY_BYTES])
{
    for (size_t i = 0; i < directory->key_count; i++) {
        if (memcmp(directory->keys[i], key, CURVE_KEY_BYTES) == 0)
            return;
    }
    if (directory->key_count < DIRECTORY_KEYS_MAX)
        memcpy(directory->keys[directory->key_count++], key, CURVE_KEY_BYTES);
}

bool directory_equal(const struct directory *a, const struct directory *b)
{
    if (a->endpoint_count != b->endpoint_count || a->key_count != b->key_count)
        return false;
    for (size_t i = 0; i < a->endpoint_count; i++) {
        if (strcmp(a->endpoints[i], b->endpoints[i]) != 0)
            return false;
    }
    return memcmp(a->keys, b->keys, a->key_count * CURVE_KEY_BYTES) == 0;
}

/* protobuf-c never writes through its lists, but declares them writable. */
void directory_lend(const struct directory *directory, struct directory_lists *lists)
{
    for (size_t i = 0; i < directory->endpoint_count; i++)
        lists->endpoints[i] = (char *)directory->endpoints[i];
    for (size_t i = 0; i < directory->key_count; i++)
        lists->keys[i] = (ProtobufCBinaryData){.len = CURVE_KEY_BYTES, .data = (uint8_t *)directory->keys[i]};
}
