/* The key that is to replace an agent's key: on disk before anybody hears of it, so that no crash can part the agent
 * from what its collectors believe. */
#ifndef AGENT_NEXT_KEY_H
#define AGENT_NEXT_KEY_H

#include "base/attributes.h"
#include "base/curve_key.h"

/* The next key in the state folder, made unless it is there. Returns 0 or -errno. */
int next_key_have(const char *folder, struct curve_key_pair *next) MUST_CHECK;

/* Puts the next key in the place of the present one. Returns 0, -ENOKEY when it has another public key, or -errno. */
int next_key_use(const char *folder, const uint8_t public_key[CURVE_KEY_BYTES], struct curve_key_pair *next) MUST_CHECK;

#endif
