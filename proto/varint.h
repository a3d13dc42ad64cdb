/* Base-128 varints and zigzag numbers, as in protobuf, in a caller's buffer. */
#ifndef PROTO_VARINT_H
#define PROTO_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VARINT32_BYTES_MAX 5

/* Writes at most VARINT32_BYTES_MAX bytes and returns how many. */
size_t varint_write(uint8_t *out, uint32_t number);

struct varint_reader {
    const uint8_t *at, *end;
};

/* False when the bytes end inside the number or it has more than 32 bits. */
bool varint_read(struct varint_reader *reader, uint32_t *number);

uint32_t zigzag(int32_t number);
int32_t unzigzag(uint32_t coded);

#endif
