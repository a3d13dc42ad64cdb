/* Time-limited TURN credentials (coturn's use-auth-secret, draft-uberti-behave-turn-rest): who knows the secret mints a
 * name that expires, and no agent in the field ever holds the secret. */
#ifndef AGENT_TURN_CREDENTIALS_H
#define AGENT_TURN_CREDENTIALS_H

#include "base/attributes.h"
#include "sweep/plan.h"

#include <stdint.h>

/* user = "EXPIRY:NAME" (seconds since the Unix epoch), password = base64(HMAC-SHA1(secret, user)). Returns 0 or
 * -EMSGSIZE. */
int turn_credentials_mint(const char *secret, const char *name, int64_t expires_at_s, char user[PLAN_CREDENTIAL_BYTES],
                          char password[PLAN_CREDENTIAL_BYTES]) MUST_CHECK;

#endif
