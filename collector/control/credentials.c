#include "control/credentials.h"

#include <inttypes.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

struct credentials credentials_mint(const char *secret, int64_t agent_id, int64_t expires_at_s)
{
    struct credentials credentials = {.user = ""};
    snprintf(credentials.user, sizeof(credentials.user), "%" PRId64 ":agent-%" PRId64, expires_at_s, agent_id);
    struct hmac_sha1_ctx hmac;
    uint8_t digest[SHA1_DIGEST_SIZE];
    hmac_sha1_set_key(&hmac, strlen(secret), (const uint8_t *)secret);
    hmac_sha1_update(&hmac, strlen(credentials.user), (const uint8_t *)credentials.user);
    hmac_sha1_digest(&hmac, sizeof(digest), digest);
    base64_encode_raw(credentials.password, sizeof(digest), digest);
    credentials.password[BASE64_ENCODE_RAW_LENGTH(sizeof(digest))] = '\0';
    return credentials;
}
