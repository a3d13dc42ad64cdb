#include "stun/fingerprint.h"

#include "base/crc32.h"

#define FINGERPRINT_XOR 0x5354554Eu /* "STUN": a plain CRC-32 of another protocol must not match */

uint32_t stun_fingerprint(const uint8_t *bytes, size_t len)
{
    return crc32_of(bytes, len) ^ FINGERPRINT_XOR;
}
