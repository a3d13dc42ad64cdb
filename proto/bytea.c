#include "proto/bytea.h"

#include <string.h>

const char *bytea_format(const uint8_t *bytes, size_t len, char *text)
{
    static const char digits[] = "0123456789abcdef";
    char *next = stpcpy(text, "\\x");
    for (size_t i = 0; i < len; i++) {
        *next++ = digits[bytes[i] >> 4];
        *next++ = digits[bytes[i] & 0xF];
    }
    *next = '\0';
    return text;
}
