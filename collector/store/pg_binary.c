#include "store/pg_binary.h"

#include "base/grow.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define FIRST_CAPACITY 4096u
#define PG_AF_INET AF_INET        /* inet.h of PostgreSQL: the sender's AF_INET, */
#define PG_AF_INET6 (AF_INET + 1) /* and the number after it for IPv6, whatever AF_INET6 is */

void pg_binary_free(struct pg_binary *out)
{
    free(out->bytes);
    *out = (struct pg_binary){0};
}

static bool reserve(struct pg_binary *out, size_t len)
{
    if (out->failed)
        return false;
    if (out->capacity - out->len >= len)
        return true;
    uint8_t *bytes = grow(out->bytes, &out->capacity, out->len + len, FIRST_CAPACITY);
    if (bytes)
        out->bytes = bytes;
    else
        out->failed = true;
    return bytes;
}

void pg_bytes(struct pg_binary *out, const void *bytes, size_t len)
{
    if (len == 0 || !reserve(out, len))
        return;
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

void pg_raw4(struct pg_binary *out, uint32_t value)
{
    uint32_t big = htobe32(value);
    pg_bytes(out, &big, sizeof big);
}

static void overwrite4(struct pg_binary *out, size_t at, uint32_t value)
{
    uint32_t big = htobe32(value);
    if (!out->failed)
        memcpy(out->bytes + at, &big, sizeof big);
}

size_t pg_open(struct pg_binary *out)
{
    pg_raw4(out, 0);
    return out->len;
}

void pg_close(struct pg_binary *out, size_t opened)
{
    overwrite4(out, opened - sizeof(uint32_t), (uint32_t)(out->len - opened));
}

void pg_array(struct pg_binary *out, uint32_t element_type, size_t count)
{
    pg_raw4(out, 1); /* dimensions */
    pg_raw4(out, 1); /* may hold nulls */
    pg_raw4(out, element_type);
    pg_raw4(out, (uint32_t)count);
    pg_raw4(out, 1); /* lower bound */
}

void pg_array_count(struct pg_binary *out, size_t start, size_t count)
{
    overwrite4(out, start + 3 * sizeof(uint32_t), (uint32_t)count);
}

void pg_record(struct pg_binary *out, size_t columns)
{
    pg_raw4(out, (uint32_t)columns);
}

void pg_column(struct pg_binary *out, uint32_t type)
{
    pg_raw4(out, type);
}

void pg_null(struct pg_binary *out)
{
    pg_raw4(out, UINT32_MAX);
}

void pg_bool(struct pg_binary *out, bool value)
{
    uint8_t byte = value;
    pg_raw4(out, sizeof byte);
    pg_bytes(out, &byte, sizeof byte);
}

void pg_int2(struct pg_binary *out, int value)
{
    uint16_t big = htobe16((uint16_t)value);
    pg_raw4(out, sizeof big);
    pg_bytes(out, &big, sizeof big);
}

void pg_int4(struct pg_binary *out, int32_t value)
{
    pg_raw4(out, sizeof value);
    pg_raw4(out, (uint32_t)value);
}

void pg_int8(struct pg_binary *out, int64_t value)
{
    uint64_t big = htobe64((uint64_t)value);
    pg_raw4(out, sizeof big);
    pg_bytes(out, &big, sizeof big);
}

void pg_text(struct pg_binary *out, const char *text)
{
    size_t len = strlen(text);
    pg_raw4(out, (uint32_t)len);
    pg_bytes(out, text, len);
}

void pg_inet(struct pg_binary *out, const struct address *address)
{
    if (!address_known(address)) {
        pg_null(out);
        return;
    }
    uint8_t len = address->family == 6 ? 16 : 4;
    uint8_t header[] = {address->family == 6 ? PG_AF_INET6 : PG_AF_INET, (uint8_t)(8 * len), 0 /* no cidr */, len};
    pg_raw4(out, (uint32_t)(sizeof header + len));
    pg_bytes(out, header, sizeof header);
    pg_bytes(out, address->ip, len);
}

static void json_character(struct pg_binary *out, char character)
{
    char escaped[8];
    if (character == '"' || character == '\\')
        snprintf(escaped, sizeof escaped, "\\%c", character);
    else if ((unsigned char)character < 0x20)
        snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)character);
    else
        snprintf(escaped, sizeof escaped, "%c", character);
    pg_bytes(out, escaped, strlen(escaped));
}

void pg_json_string(struct pg_binary *out, const char *text)
{
    pg_bytes(out, "\"", 1);
    for (; *text; text++)
        json_character(out, *text);
    pg_bytes(out, "\"", 1);
}
