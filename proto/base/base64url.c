#include "base/base64url.h"

#include <errno.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const char *base64url_encode(const uint8_t *bytes, size_t len, char *text)
{
    char *next = text;
    uint32_t bits = 0;
    unsigned waiting = 0;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | bytes[i];
        for (waiting += 8; waiting >= 6; waiting -= 6)
            *next++ = alphabet[bits >> (waiting - 6) & 0x3F];
    }
    if (waiting > 0)
        *next++ = alphabet[bits << (6 - waiting) & 0x3F];
    *next = '\0';
    return text;
}

int base64url_decode(const char *text, size_t text_len, uint8_t *bytes, size_t capacity, size_t *len)
{
    size_t count = 0;
    uint32_t bits = 0;
    unsigned waiting = 0;
    for (size_t i = 0; i < text_len; i++) {
        const char *letter = text[i] != '\0' ? strchr(alphabet, text[i]) : NULL;
        if (letter == NULL)
            return -EINVAL;
        bits = bits << 6 | (uint32_t)(letter - alphabet);
        waiting += 6;
        if (waiting < 8)
            continue;
        if (count == capacity)
            return -EINVAL;
        waiting -= 8;
        bytes[count++] = (uint8_t)(bits >> waiting);
    }
    /* One letter alone is no byte, and left-over bits that are not zero would give one value two spellings. */
    if (text_len % 4 == 1 || (bits & ((1u << waiting) - 1)) != 0)
        return -EINVAL;
    *len = count;
    return 0;
}
