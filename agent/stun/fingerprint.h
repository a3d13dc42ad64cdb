/* FINGERPRINT (RFC 8489 section 14.7): tells STUN from other protocols on the same port. */
#ifndef STUN_FINGERPRINT_H
#define STUN_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#define STUN_FINGERPRINT_BYTES 8 /* the whole attribute */

/* The attribute's value over the `len` bytes before it, whose header already counts the attribute. */
uint32_t stun_fingerprint(const uint8_t *bytes, size_t len);

#endif
