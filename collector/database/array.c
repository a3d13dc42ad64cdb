#include "database/array.h"

#include "base/grow.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INITIAL_BYTES 256

static bool reserve(struct array *array, size_t extra)
{
    if (array->failed)
        return false;
    char *text = grow(array->text, &array->capacity, array->len + extra + 1 /* the NUL */, INITIAL_BYTES);
    if (text)
        array->text = text;
    else
        array->failed = true;
    return text;
}

static void put(struct array *array, char byte)
{
    if (reserve(array, 1))
        array->text[array->len++] = byte;
}

static void begin_element(struct array *array)
{
    put(array, array->elements++ == 0 ? '{' : ',');
}

static void put_all(struct array *array, const char *text)
{
    size_t len = strlen(text);
    if (!reserve(array, len))
        return;
    memcpy(array->text + array->len, text, len);
    array->len += len;
}

void array_add_number(struct array *array, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%" PRId64, number);
    begin_element(array);
    put_all(array, digits);
}

void array_add_text(struct array *array, const char *text)
{
    begin_element(array);
    if (!text) {
        put_all(array, "NULL");
        return;
    }
    put(array, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            put(array, '\\');
        put(array, *text);
    }
    put(array, '"');
}

const char *array_finish(struct array *array)
{
    if (array->elements == 0)
        put(array, '{');
    put(array, '}');
    if (!reserve(array, 0))
        return NULL;
    array->text[array->len] = '\0';
    return array->text;
}

void array_reopen(struct array *array)
{
    array->len = array->elements == 0 ? 0 : array->len - 1;
}

void array_free(struct array *array)
{
    free(array->text);
    *array = (struct array){0};
}

/* Reads one number or NULL at *cursor and moves behind it. */
static int read_number(const char **cursor, int64_t *out)
{
    if (strncmp(*cursor, "NULL", 4) == 0) {
        *cursor += 4;
        *out = 0;
        return 0;
    }
    char *end;
    errno = 0;
    long long number = strtoll(*cursor, &end, 10);
    if (end == *cursor || errno == ERANGE)
        return -EINVAL;
    *cursor = end;
    *out = number;
    return 0;
}

int array_read_numbers(const char *literal, int64_t *out, size_t capacity)
{
    if (*literal++ != '{')
        return -EINVAL;
    if (strcmp(literal, "}") == 0)
        return 0;
    for (size_t count = 0; count < capacity;) {
        if (read_number(&literal, &out[count++]) != 0)
            return -EINVAL;
        if (strcmp(literal, "}") == 0)
            return (int)count;
        if (*literal++ != ',')
            return -EINVAL;
    }
    return -EINVAL;
}

static int read_quoted(const char **cursor, char *out, size_t capacity)
{
    const char *at = *cursor + 1;
    size_t len = 0;
    for (; *at != '"'; at++) {
        if (*at == '\\')
            at++;
        if (*at == '\0' || len + 1 >= capacity)
            return -EINVAL;
        out[len++] = *at;
    }
    out[len] = '\0';
    *cursor = at + 1;
    return 1;
}

static int read_plain(const char **cursor, char *out, size_t capacity)
{
    size_t len = strcspn(*cursor, ",}");
    if (len == 0 || len >= capacity || (*cursor)[len] == '\0')
        return -EINVAL;
    memcpy(out, *cursor, len);
    out[len] = '\0';
    *cursor += len;
    return 1;
}

int array_next_text(const char **cursor, char *out, size_t capacity)
{
    if (capacity == 0)
        return -EINVAL;
    bool first = **cursor == '{';
    if (strcmp(*cursor, "}") == 0 || strcmp(*cursor, "{}") == 0)
        return 0;
    if (!first && **cursor != ',')
        return -EINVAL;
    ++*cursor;
    return **cursor == '"' ? read_quoted(cursor, out, capacity) : read_plain(cursor, out, capacity);
}
