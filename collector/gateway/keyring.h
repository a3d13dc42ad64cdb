/* Whose a public key is: sorted, replaced as a whole, read by ZAP and by every message. Empty until the first answer of
 * the database. */
#ifndef GATEWAY_KEYRING_H
#define GATEWAY_KEYRING_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "exchange/order.h"

#include <stddef.h>
#include <stdint.h>

struct keyring {
    struct agent_key *keys;
    size_t count;
};

/* Takes `keys` (malloc'd, NULL when there are none), sorts them and frees what was there before. */
void keyring_replace(struct keyring *keyring, struct agent_key *keys, size_t count);
/* Adds a copy of one key, or replaces what is known of it. Returns 0 or -ENOMEM. */
int keyring_add(struct keyring *keyring, const struct agent_key *key) MUST_CHECK;
void keyring_free(struct keyring *keyring);

/* NULL when the key is unknown. Valid until the next replacement. */
const struct agent_key *keyring_find(const struct keyring *keyring,
                                     const uint8_t public_key[CURVE_KEY_BYTES]) MUST_CHECK;

#endif
