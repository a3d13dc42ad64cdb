/* Numbers in network byte order. */
#ifndef STUN_BYTES_H
#define STUN_BYTES_H

#include <stdint.h>

static inline uint16_t read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t read_u32(const uint8_t *bytes)
{
    return (uint32_t)read_u16(bytes) << 16 | read_u16(bytes + 2);
}

static inline void write_u16(uint8_t *bytes, uint16_t number)
{
    bytes[0] = (uint8_t)(number >> 8);
    bytes[1] = (uint8_t)number;
}

static inline void write_u32(uint8_t *bytes, uint32_t number)
{
    write_u16(bytes, (uint16_t)(number >> 16));
    write_u16(bytes + 2, (uint16_t)number);
}

#endif
