/* CRC-32 of ITU V.42, as in Ethernet, zip and the FINGERPRINT of STUN: finds accidents, not forgeries. */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_of(const uint8_t *bytes, size_t len);

#endif
