/* Bytes as PostgreSQL reads and prints a bytea in text: "\x" and two hexadecimal digits a byte. Pure. */
#ifndef PROTO_BYTEA_H
#define PROTO_BYTEA_H

#include <stddef.h>
#include <stdint.h>

#define BYTEA_TEXT_BYTES(len) (2 * (size_t)(len) + sizeof "\\x") /* with the NUL */

/* Writes BYTEA_TEXT_BYTES(len) bytes into `text` and returns it. */
const char *bytea_format(const uint8_t *bytes, size_t len, char *text);

#endif
