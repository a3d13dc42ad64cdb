/* CURVE (Curve25519) keys: in memory as 32 bytes, in files and settings as 40 characters of Z85 (RFC of ZeroMQ 32/Z85).
 */
#ifndef BASE_CURVE_KEY_H
#define BASE_CURVE_KEY_H

#include "base/attributes.h"

#include <stdint.h>

#define CURVE_KEY_BYTES 32
#define CURVE_KEY_TEXT_BYTES 41 /* 40 characters and a NUL */

struct curve_key_pair {
    uint8_t public_key[CURVE_KEY_BYTES];
    uint8_t secret_key[CURVE_KEY_BYTES];
};

int curve_key_generate(struct curve_key_pair *pair) MUST_CHECK; /* 0 or -errno */
/* Returns 0, -EPERM when others may read the file, -EINVAL when it is no key file, or -errno. */
int curve_key_load(const char *path, struct curve_key_pair *pair) MUST_CHECK;
/* Replaces the file with mode 0600, never readable to others in between. Returns 0 or -errno. */
int curve_key_save(const char *path, const struct curve_key_pair *pair) MUST_CHECK;

int curve_key_parse(const char *text, uint8_t key[CURVE_KEY_BYTES]) MUST_CHECK; /* Z85; 0 or -EINVAL */
const char *curve_key_format(const uint8_t key[CURVE_KEY_BYTES], char text[CURVE_KEY_TEXT_BYTES]);

#endif
