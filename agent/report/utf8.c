#include "report/utf8.h"

#include "base/attributes.h"

#include <stdint.h>

/* RFC 3629 section 4: lead bytes, and what the second byte may be (no overlong forms, no surrogates, nothing above
 * U+10FFFF). */
static const struct form {
    uint8_t lead_first, lead_last, second_first, second_last;
    size_t len;
} forms[] = {
    {0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static size_t match(const struct form *form, const uint8_t *bytes)
{
    if (form->len > 1 && (bytes[1] < form->second_first || bytes[1] > form->second_last))
        return 0;
    for (size_t i = 2; i < form->len; i++)
        if (bytes[i] < 0x80 || bytes[i] > 0xBF) /* the NUL at the end stops here */
            return 0;
    return form->len;
}

size_t utf8_length(const char *text)
{
    const uint8_t *bytes = (const uint8_t *)text;

    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (bytes[0] >= forms[i].lead_first && bytes[0] <= forms[i].lead_last)
            return match(&forms[i], bytes);
    return 0;
}
