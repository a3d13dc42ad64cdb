/* Base64 with the URL-safe alphabet and without padding (RFC 4648 section 5): survives a shell, a URL and a double
 * click. */
#ifndef BASE_BASE64URL_H
#define BASE_BASE64URL_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

#define BASE64URL_TEXT_BYTES(len) (((len)*4 + 2) / 3 + 1) /* with the NUL */

/* Writes BASE64URL_TEXT_BYTES(len) bytes into `text` and returns it. */
const char *base64url_encode(const uint8_t *bytes, size_t len, char *text);

/* Decodes `text_len` characters into at most `capacity` bytes. Returns 0, or -EINVAL for a foreign character, an
 * impossible length, stray bits at the end, or no room; `bytes` may then be written in part. */
int base64url_decode(const char *text, size_t text_len, uint8_t *bytes, size_t capacity, size_t *len) MUST_CHECK;

#endif
