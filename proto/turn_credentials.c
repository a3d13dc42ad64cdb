#include "proto/turn_credentials.h"

#include <errno.h>
#include <inttypes.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

#define EXPIRY_STEP_S 21600

static int64_t next_mark(int64_t time_s)
{
    return (time_s / EXPIRY_STEP_S + 1) * EXPIRY_STEP_S;
}

int64_t turn_credentials_expiry(int64_t now_s, int64_t needed_until_s)
{
    int64_t usual_s = next_mark(now_s) + EXPIRY_STEP_S; /* at least six hours: enough for most requests */
    return needed_until_s <= usual_s ? usual_s : next_mark(needed_until_s);
}

int turn_credentials_mint(const char *secret, const char *name, int64_t expires_at_s, struct turn_credentials *out)
{
    struct turn_credentials minted;
    struct hmac_sha1_ctx hmac;
    uint8_t digest[SHA1_DIGEST_SIZE];
    int len = snprintf(minted.user, sizeof minted.user, "%" PRId64 ":%s", expires_at_s, name);
    if (len < 0 || (size_t)len >= sizeof minted.user)
        return -EMSGSIZE;
    hmac_sha1_set_key(&hmac, strlen(secret), (const uint8_t *)secret);
    hmac_sha1_update(&hmac, (size_t)len, (const uint8_t *)minted.user);
    hmac_sha1_digest(&hmac, sizeof digest, digest);
    base64_encode_raw(minted.password, sizeof digest, digest);
    minted.password[BASE64_ENCODE_RAW_LENGTH(sizeof digest)] = '\0';
    *out = minted;
    return 0;
}
