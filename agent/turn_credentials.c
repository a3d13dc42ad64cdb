#include "agent/turn_credentials.h"

#include <errno.h>
#include <inttypes.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

int turn_credentials_mint(const char *secret, const char *name, int64_t expires_at_s, char user[PLAN_CREDENTIAL_BYTES],
                          char password[PLAN_CREDENTIAL_BYTES])
{
    struct hmac_sha1_ctx hmac;
    uint8_t digest[SHA1_DIGEST_SIZE];

    int len = snprintf(user, PLAN_CREDENTIAL_BYTES, "%" PRId64 ":%s", expires_at_s, name);
    if (len < 0 || len >= PLAN_CREDENTIAL_BYTES)
        return -EMSGSIZE;
    hmac_sha1_set_key(&hmac, strlen(secret), (const uint8_t *)secret);
    hmac_sha1_update(&hmac, (size_t)len, (const uint8_t *)user);
    hmac_sha1_digest(&hmac, sizeof digest, digest);
    base64_encode_raw(password, sizeof digest, digest);
    password[BASE64_ENCODE_RAW_LENGTH(sizeof digest)] = '\0';
    return 0;
}
