/* Time-limited TURN credentials (coturn's use-auth-secret, draft-uberti-behave-turn-rest): who knows the secret mints a
 * name that expires, and no agent in the field ever holds the secret. Pure. */
#ifndef PROTO_TURN_CREDENTIALS_H
#define PROTO_TURN_CREDENTIALS_H

#include "base/attributes.h"

#include <stdint.h>

#define TURN_USER_BYTES 128
#define TURN_PASSWORD_BYTES 32 /* 28 characters of Base64 */

struct turn_credentials {
    char user[TURN_USER_BYTES];         /* "EXPIRY:NAME", seconds since the Unix epoch */
    char password[TURN_PASSWORD_BYTES]; /* base64(HMAC-SHA1(secret, user)) */
};

/* When credentials that are needed until `needed_until_s` had best expire: on a six-hour mark, and on the same one for
 * all that are minted between two marks unless they are needed for longer. coturn remembers for a minute which name a
 * client's port used and answers 441 to another, so two sweeps in a row must use the same name. */
int64_t turn_credentials_expiry(int64_t now_s, int64_t needed_until_s) MUST_CHECK;

/* Returns 0, or -EMSGSIZE when the name is too long. */
int turn_credentials_mint(const char *secret, const char *name, int64_t expires_at_s,
                          struct turn_credentials *out) MUST_CHECK;

#endif
