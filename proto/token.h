/* Enrolment tokens: the text an operator hands to a new PBX host. It carries a one-time secret, and where to go with
 * it: the enrolment endpoints with the CURVE key that proves each to be the right one. The database holds only the
 * SHA-256 of the secret. A token is a secret: it travels by file or standard input, never as an argument, and is wiped
 * after use. */
#ifndef PROTO_TOKEN_H
#define PROTO_TOKEN_H

#include "base/attributes.h"
#include "base/base64url.h"
#include "base/curve_key.h"
#include "proto/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_SECRET_BYTES 32
#define TOKEN_HASH_BYTES 32
#define TOKEN_ENDPOINTS_MAX 8
#define TOKEN_PREFIX "natsweep1_" /* the number is the version of the coding */
#define TOKEN_BYTES_MAX (TOKEN_SECRET_BYTES + TOKEN_ENDPOINTS_MAX * (CURVE_KEY_BYTES + WIRE_NAME_BYTES_MAX) + 4)
#define TOKEN_TEXT_BYTES (sizeof TOKEN_PREFIX + BASE64URL_TEXT_BYTES(TOKEN_BYTES_MAX)) /* with the NUL */

struct token_endpoint {
    uint8_t server_key[CURVE_KEY_BYTES]; /* public key of the collector that answers there */
    char address[WIRE_NAME_BYTES_MAX];   /* "tcp://HOST:PORT" */
};

struct token {
    uint8_t secret[TOKEN_SECRET_BYTES];
    size_t endpoint_count; /* 1 at least */
    struct token_endpoint endpoints[TOKEN_ENDPOINTS_MAX];
};

/* "tcp://HOST:PORT" of printable ASCII, with a port of 1..65535, that fits. */
bool token_endpoint_valid(const char *address);

/* Writes the text. Returns 0, or -EINVAL when there is no endpoint, too many, or one that is not valid. */
int token_format(const struct token *token, char text[TOKEN_TEXT_BYTES]) MUST_CHECK;

/* Reads the text; white space around it is ignored. Returns 0, -EINVAL when it is no token, -EBADMSG when it is one
 * that was cut short or mistyped (its check sum is wrong), -EPROTONOSUPPORT when a later version made it. */
int token_parse(const char *text, struct token *token) MUST_CHECK;

/* SHA-256 of a secret of any length: all that the database knows of a token. */
void token_hash(const uint8_t *secret, size_t len, uint8_t hash[TOKEN_HASH_BYTES]);

#endif
