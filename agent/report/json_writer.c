#include "report/json_writer.h"

#include "report/utf8.h"

#include <inttypes.h>
#include <string.h>

/* Bytes in front that mean themselves. */
static size_t plain_length(const char *text)
{
    size_t len = 0;

    while (text[len] >= 0x20 && text[len] < 0x7f && text[len] != '"' && text[len] != '\\')
        len++;
    return len;
}

/* A character, or plain ones. */
static void write_characters(FILE *out, const char *bytes, size_t len)
{
    unsigned char byte = (unsigned char)bytes[0];

    if (byte == '"' || byte == '\\')
        fprintf(out, "\\%c", byte);
    else if (byte == '\n')
        fputs("\\n", out);
    else if (byte < 0x20 || byte == 0x7f)
        fprintf(out, "\\u%04x", byte);
    else
        fwrite(bytes, 1, len, out);
}

static void write_string(FILE *out, const char *text)
{
    putc('"', out);
    while (*text) {
        size_t plain = plain_length(text), len = plain > 0 ? plain : utf8_length(text);
        if (len == 0)
            fputs(UTF8_REPLACEMENT, out);
        else
            write_characters(out, text, len);
        text += len ? len : 1;
    }
    putc('"', out);
}

static void begin_value(struct json_writer *json, const char *key)
{
    if (json->comma)
        fputs(", ", json->out);
    json->comma = true;
    if (key) {
        write_string(json->out, key);
        fputs(": ", json->out);
    }
}

void json_open(struct json_writer *json, const char *key, char bracket)
{
    begin_value(json, key);
    putc(bracket, json->out);
    json->comma = false;
}

void json_close(struct json_writer *json, char bracket)
{
    putc(bracket, json->out);
    json->comma = true;
}

void json_text(struct json_writer *json, const char *key, const char *text)
{
    if (!text || text[0] == '\0') {
        json_null(json, key);
        return;
    }
    begin_value(json, key);
    write_string(json->out, text);
}

void json_number(struct json_writer *json, const char *key, int64_t number)
{
    begin_value(json, key);
    fprintf(json->out, "%" PRId64, number);
}

void json_tri(struct json_writer *json, const char *key, enum tri value)
{
    if (value == TRI_UNKNOWN)
        json_null(json, key);
    else
        json_bool(json, key, value == TRI_YES);
}

void json_bool(struct json_writer *json, const char *key, bool value)
{
    begin_value(json, key);
    fputs(value ? "true" : "false", json->out);
}

void json_null(struct json_writer *json, const char *key)
{
    begin_value(json, key);
    fputs("null", json->out);
}

void json_newline(struct json_writer *json)
{
    if (json->comma)
        fputs(",", json->out);
    json->comma = false;
    fputs("\n ", json->out);
}
