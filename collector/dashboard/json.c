#include "dashboard/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPE_BYTES_MAX 7 /* \u0000 and a NUL */

static void put(struct json *json, const char *bytes, size_t len)
{
    if (!json->text)
        return;
    if (json->len + len + 1 > json->capacity) {
        size_t capacity = 2 * (json->len + len + 1);
        char *text = realloc(json->text, capacity);
        if (!text)
            free(json->text);
        json->text = text;
        json->capacity = capacity;
        if (!text)
            return;
    }
    memcpy(json->text + json->len, bytes, len);
    json->len += len;
    json->text[json->len] = '\0';
}

static void put_string(struct json *json, const char *text, size_t len)
{
    put(json, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        char escaped[ESCAPE_BYTES_MAX];
        if (c >= 0x20 && c != '"' && c != '\\') {
            put(json, &text[i], 1);
            continue;
        }
        snprintf(escaped, sizeof(escaped), "\\u%04x", c);
        put(json, escaped, strlen(escaped));
    }
    put(json, "\"", 1);
}

void json_begin(struct json *json)
{
    *json = (struct json){.text = malloc(1), .capacity = 1};
    put(json, "{", 1);
}

void json_add(struct json *json, const char *key, size_t key_len, const char *value, size_t value_len)
{
    if (json->len > 1)
        put(json, ",", 1);
    put_string(json, key, key_len);
    put(json, ":", 1);
    put_string(json, value, value_len);
}

void json_add_text(struct json *json, const char *key, const char *value)
{
    json_add(json, key, strlen(key), value, strlen(value));
}

char *json_end(struct json *json)
{
    put(json, "}", 1);
    return json->text;
}
