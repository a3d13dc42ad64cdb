#include "gateway/keyring.h"

#include <errno.h>
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

int keyring_add(struct keyring *keyring, const struct agent_key *key)
{
    size_t place = 0;
    int order = -1;
    while (place < keyring->count && (order = compare(&keyring->keys[place], key)) < 0)
        place++;
    if (place < keyring->count && order == 0) {
        keyring->keys[place] = *key;
        return 0;
    }
    struct agent_key *keys = realloc(keyring->keys, (keyring->count + 1) * sizeof(*keys));
    if (!keys)
        return -ENOMEM;
    memmove(keys + place + 1, keys + place, (keyring->count - place) * sizeof(*keys));
    keys[place] = *key;
    *keyring = (struct keyring){.keys = keys, .count = keyring->count + 1};
    return 0;
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
