#include "dashboard/form.h"

#include <errno.h>
#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Takes one character off the text; returns it, or -EINVAL. */
static int next_character(const char **at, const char *end)
{
    char c = *(*at)++;
    if (c == '+')
        return ' ';
    if (c != '%')
        return c ? (unsigned char)c : -EINVAL;
    if (end - *at < 2)
        return -EINVAL;
    int high = hex_digit((*at)[0]), low = hex_digit((*at)[1]);
    *at += 2;
    int value = high * 16 + low;
    return high < 0 || low < 0 || value == 0 ? -EINVAL : value;
}

static int decode(const char *text, const char *end, char *value, size_t capacity)
{
    size_t len = 0;
    while (text < end) {
        int c = next_character(&text, end);
        if (c < 0)
            return c;
        if (len + 1 >= capacity)
            return -ENOSPC;
        value[len++] = (char)c;
    }
    value[len] = '\0';
    return 0;
}

int form_value(const char *body, size_t len, const char *name, char *value, size_t capacity)
{
    size_t name_len = strlen(name);
    const char *end = body + len;
    value[0] = '\0';
    for (const char *field = body; field < end;) {
        const char *stop = memchr(field, '&', (size_t)(end - field));
        stop = stop ? stop : end;
        if ((size_t)(stop - field) > name_len && field[name_len] == '=' && memcmp(field, name, name_len) == 0) {
            int error = decode(field + name_len + 1, stop, value, capacity);
            if (error)
                value[0] = '\0';
            return error;
        }
        field = stop + 1;
    }
    return -ENOENT;
}
