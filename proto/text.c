#include "proto/text.h"

#include <stdint.h>
#include <string.h>

struct utf8_form {
    uint8_t mask, lead; /* of the first byte */
    uint8_t len;
    uint32_t least; /* smaller code points are overlong */
};

static const struct utf8_form utf8_forms[] = {
    {0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};

/* Those that turn the direction of text or break its line let one text look like another. */
static bool disguises(uint32_t code_point)
{
    return code_point == 0x061c || code_point == 0x200e || code_point == 0x200f ||
           (code_point >= 0x2028 && code_point <= 0x202e) || (code_point >= 0x2066 && code_point <= 0x2069);
}

static bool is_control(uint32_t code_point, enum text_kind kind)
{
    if (kind == TEXT_LINES && (code_point == '\n' || code_point == '\t'))
        return false;
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) || disguises(code_point);
}

static uint32_t decode(const uint8_t *bytes, const struct utf8_form *form)
{
    uint32_t code_point = bytes[0] & (uint8_t)~form->mask;
    for (size_t i = 1; i < form->len; i++) {
        if ((bytes[i] & 0xc0) != 0x80) /* also stops at the NUL */
            return UINT32_MAX;
        code_point = code_point << 6 | (bytes[i] & 0x3f);
    }
    return code_point;
}

/* Length of the clean character at `bytes`, 0 when there is none. */
static size_t character(const uint8_t *bytes, enum text_kind kind)
{
    for (size_t i = 0; i < sizeof utf8_forms / sizeof utf8_forms[0]; i++) {
        const struct utf8_form *form = &utf8_forms[i];
        if ((bytes[0] & form->mask) != form->lead)
            continue;
        uint32_t code_point = decode(bytes, form);
        bool surrogate = code_point >= 0xd800 && code_point < 0xe000;
        if (code_point < form->least || code_point > 0x10ffff || surrogate || is_control(code_point, kind))
            return 0;
        return form->len;
    }
    return 0;
}

bool text_is_clean(const char *text, enum text_kind kind)
{
    const uint8_t *at = (const uint8_t *)text;
    while (*at) {
        size_t len = character(at, kind);
        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

char *text_clean(char *text, enum text_kind kind)
{
    for (char *at = text; *at;) {
        size_t len = character((const uint8_t *)at, kind);
        if (len == 0) {
            *at = '?';
            len = 1;
        }
        at += len;
    }
    return text;
}

char *text_copy(char *out, size_t size, const char *text, enum text_kind kind)
{
    size_t used = 0;
    while (*text) {
        size_t len = character((const uint8_t *)text, kind);
        size_t take = len ? len : 1;
        if (used + take >= size)
            break;
        if (len)
            memcpy(out + used, text, len);
        else
            out[used] = '?';
        used += take;
        text += take;
    }
    out[used] = '\0';
    return out;
}
