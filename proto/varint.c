#include "proto/varint.h"

size_t varint_write(uint8_t *out, uint32_t number)
{
    size_t len = 0;
    for (; number >= 0x80; number >>= 7)
        out[len++] = (uint8_t)(number | 0x80);
    out[len++] = (uint8_t)number;
    return len;
}

bool varint_read(struct varint_reader *reader, uint32_t *number)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 7 * VARINT32_BYTES_MAX && reader->at < reader->end; shift += 7) {
        uint8_t byte = *reader->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte & 0x80)
            continue;
        *number = (uint32_t)value;
        return value <= UINT32_MAX;
    }
    return false;
}

uint32_t zigzag(int32_t number)
{
    return ((uint32_t)number << 1) ^ (number < 0 ? UINT32_MAX : 0);
}

int32_t unzigzag(uint32_t coded)
{
    uint32_t number = (coded >> 1) ^ (coded & 1 ? UINT32_MAX : 0);
    return (int32_t)number;
}
