/* Writes JSON (RFC 8259) token by token: commas, quotes, escapes and UTF-8 are its business, the shape is the caller's.
 * `key` is NULL inside an array. */
#ifndef REPORT_JSON_WRITER_H
#define REPORT_JSON_WRITER_H

#include "base/attributes.h"
#include "proto/words.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json_writer {
    FILE *out;
    bool comma; /* something precedes in this object or array */
};

void json_open(struct json_writer *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json_writer *json, char bracket);                 /* '}' or ']' */

/* NULL and the empty text are null; bytes that are not UTF-8 become U+FFFD. */
void json_text(struct json_writer *json, const char *key, const char *text);
void json_number(struct json_writer *json, const char *key, int64_t number);
void json_tri(struct json_writer *json, const char *key, enum tri value);
void json_bool(struct json_writer *json, const char *key, bool value);
void json_null(struct json_writer *json, const char *key);
void json_newline(struct json_writer *json); /* for the reader's eye */

#endif
