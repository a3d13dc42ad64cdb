#include "stun/auth.h"

#include "stun/attribute.h"
#include "stun/bytes.h"

#include <errno.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/memops.h>
#include <string.h>

#define INTEGRITY_ATTRIBUTE_BYTES (4 + SHA1_DIGEST_SIZE)

static int read_text(const struct stun_message *message, uint16_t type, size_t capacity, uint8_t *out, uint16_t *len)
{
    const uint8_t *value = NULL;
    size_t value_len = 0;
    int error = stun_attribute_find(message, type, &value, &value_len);
    if (error != 0 || value_len == 0 || value_len > capacity)
        return -EBADMSG;
    memcpy(out, value, value_len);
    *len = (uint16_t)value_len;
    return 0;
}

int stun_challenge_read(const struct stun_message *error, struct stun_challenge *out)
{
    struct stun_challenge challenge = {0};
    if (read_text(error, STUN_REALM, sizeof challenge.realm, challenge.realm, &challenge.realm_len) != 0 ||
        read_text(error, STUN_NONCE, sizeof challenge.nonce, challenge.nonce, &challenge.nonce_len) != 0)
        return -EBADMSG;
    *out = challenge;
    return 0;
}

struct stun_key stun_key_long_term(const char *user, const struct stun_challenge *challenge, const char *password)
{
    struct stun_key key = {.len = MD5_DIGEST_SIZE};
    struct md5_ctx md5;
    md5_init(&md5);
    md5_update(&md5, strlen(user), (const uint8_t *)user);
    md5_update(&md5, 1, (const uint8_t *)":");
    md5_update(&md5, challenge->realm_len, challenge->realm);
    md5_update(&md5, 1, (const uint8_t *)":");
    md5_update(&md5, strlen(password), (const uint8_t *)password);
    md5_digest(&md5, MD5_DIGEST_SIZE, key.bytes);
    return key;
}

/* The HMAC over the `before` bytes that precede the attribute, with a length in the header that ends with it: what
 * follows, as FINGERPRINT does, was not there when it was computed (RFC 8489 section 14.5). */
static void compute_integrity(const uint8_t *bytes, size_t before, const void *key, size_t key_len,
                              uint8_t digest[SHA1_DIGEST_SIZE])
{
    uint8_t body_len[2];
    write_u16(body_len, (uint16_t)(before + INTEGRITY_ATTRIBUTE_BYTES - STUN_HEADER_BYTES));
    struct hmac_sha1_ctx hmac;
    hmac_sha1_set_key(&hmac, key_len, key);
    hmac_sha1_update(&hmac, 2, bytes);
    hmac_sha1_update(&hmac, sizeof body_len, body_len);
    hmac_sha1_update(&hmac, before - 4, bytes + 4);
    hmac_sha1_digest(&hmac, SHA1_DIGEST_SIZE, digest);
}

void stun_write_integrity(struct stun_writer *writer, const void *key, size_t key_len)
{
    uint8_t digest[SHA1_DIGEST_SIZE] = {0};
    if (!writer->overflow)
        compute_integrity(writer->bytes, writer->len, key, key_len, digest);
    stun_writer_attribute(writer, STUN_MESSAGE_INTEGRITY, digest, sizeof digest);
}

void stun_write_credentials(struct stun_writer *writer, const char *user, const struct stun_challenge *challenge,
                            const struct stun_key *key)
{
    stun_writer_attribute(writer, STUN_USERNAME, user, strlen(user));
    stun_writer_attribute(writer, STUN_REALM, challenge->realm, challenge->realm_len);
    stun_writer_attribute(writer, STUN_NONCE, challenge->nonce, challenge->nonce_len);
    stun_write_integrity(writer, key->bytes, key->len);
}

int stun_check_integrity(const struct stun_message *message, const void *key, size_t key_len)
{
    const uint8_t *value = NULL;
    size_t len = 0;
    int error = stun_attribute_find(message, STUN_MESSAGE_INTEGRITY, &value, &len);
    if (error != 0)
        return error;
    if (len != SHA1_DIGEST_SIZE)
        return -EBADMSG;
    uint8_t digest[SHA1_DIGEST_SIZE];
    compute_integrity(message->bytes, (size_t)(value - message->bytes) - 4, key, key_len, digest);
    return memeql_sec(digest, value, sizeof digest) ? 0 : -EBADMSG;
}
