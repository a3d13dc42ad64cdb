#include "gateway/keyring.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    return memcmp(((const struct agent_key *)a)->public_key, ((const struct agent_key *)b)->public_key,
                  CURVE_KEY_BYTES);
}

void keyring_replace(struct keyring *keyring, struct agent_key *keys, size_t count)
{
    free(keyring->keys);
    if (count > 0)
        qsort(keys, count, sizeof(*keys), compare);
    *keyring = (struct keyring){.keys = keys, .count = count};
}

void keyring_free(struct keyring *keyring)
{
    keyring_replace(keyring, NULL, 0);
}

static int compare_key(const void *public_key, const void *entry)
{
    return memcmp(public_key, ((const struct agent_key *)entry)->public_key, CURVE_KEY_BYTES);
}

const struct agent_key *keyring_find(const struct keyring *keyring, const uint8_t public_key[CURVE_KEY_BYTES])
{
    if (keyring->count == 0)
        return NULL;
    return bsearch(public_key, keyring->keys, keyring->count, sizeof(*keyring->keys), compare_key);
}
