/* Time-limited TURN credentials as coturn's use-auth-secret checks them (draft-uberti-behave-turn-rest): made for one
 * sweep, so that no agent ever holds the secret. Pure. */
#ifndef CONTROL_CREDENTIALS_H
#define CONTROL_CREDENTIALS_H

#include <stdint.h>

#define CREDENTIALS_USER_BYTES 64
#define CREDENTIALS_PASSWORD_BYTES 32

struct credentials {
    char user[CREDENTIALS_USER_BYTES];         /* EXPIRY:agent-ID */
    char password[CREDENTIALS_PASSWORD_BYTES]; /* base64(HMAC-SHA1(secret, user)) */
};

struct credentials credentials_mint(const char *secret, int64_t agent_id, int64_t expires_at_s);

#endif
