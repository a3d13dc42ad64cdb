/* Long-term credentials (RFC 8489 section 9.2) with MESSAGE-INTEGRITY over MD5 keys. */
#ifndef STUN_AUTH_H
#define STUN_AUTH_H

#include "base/attributes.h"
#include "stun/message.h"

#include <stddef.h>
#include <stdint.h>

#define STUN_REALM_BYTES_MAX 763
#define STUN_NONCE_BYTES_MAX 763

/* What a 401 or 438 told: realm and nonce of one (server, local port). */
struct stun_challenge {
    uint16_t realm_len, nonce_len; /* both 0: not challenged yet */
    uint8_t realm[STUN_REALM_BYTES_MAX];
    uint8_t nonce[STUN_NONCE_BYTES_MAX];
};

/* Reads REALM and NONCE of an error response. Returns 0 or -EBADMSG. */
int stun_challenge_read(const struct stun_message *error, struct stun_challenge *out) MUST_CHECK;

#define STUN_KEY_BYTES_MAX 32

/* The hash of user ":" realm ":" password. Both are taken as they are: whoever reads them from a person has prepared
 * them. */
struct stun_key {
    size_t len; /* 16 (MD5) */
    uint8_t bytes[STUN_KEY_BYTES_MAX];
};
struct stun_key stun_key_long_term(const char *user, const struct stun_challenge *challenge, const char *password);
/* The short-term key is the password itself (RFC 5769 vectors, ICE). */

/* Appends USERNAME, REALM, NONCE and MESSAGE-INTEGRITY. */
void stun_write_credentials(struct stun_writer *writer, const char *user, const struct stun_challenge *challenge,
                            const struct stun_key *key);
void stun_write_integrity(struct stun_writer *writer, const void *key, size_t key_len);

/* Returns 0, -ENOENT when the message carries no MESSAGE-INTEGRITY, -EBADMSG when it is wrong. In constant time. */
int stun_check_integrity(const struct stun_message *message, const void *key, size_t key_len) MUST_CHECK;

#endif
