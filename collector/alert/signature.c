#include "alert/signature.h"

#include "proto/bytea.h"

#include <inttypes.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

const char *signature_make(const uint8_t *secret, size_t secret_bytes, int64_t time_s, const char *body,
                           char text[SIGNATURE_TEXT_BYTES])
{
    struct hmac_sha256_ctx hmac;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char prefix[32];
    int prefix_len = snprintf(prefix, sizeof(prefix), "%" PRId64 ".", time_s);
    hmac_sha256_set_key(&hmac, secret_bytes, secret);
    hmac_sha256_update(&hmac, (size_t)prefix_len, (const uint8_t *)prefix);
    hmac_sha256_update(&hmac, strlen(body), (const uint8_t *)body);
    hmac_sha256_digest(&hmac, sizeof(digest), digest);
    explicit_bzero(&hmac, sizeof(hmac));
    char hex[BYTEA_TEXT_BYTES(sizeof(digest))];
    bytea_format(digest, sizeof(digest), hex);
    snprintf(text, SIGNATURE_TEXT_BYTES, "t=%" PRId64 ",v1=%s", time_s, hex + strlen("\\x"));
    return text;
}
