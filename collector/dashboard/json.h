/* Writes a JSON object of texts (pure but for memory): what a query string asks for, on its way to a function in SQL,
 * and what goes wrong, on its way to the page. What is no UTF-8 goes through as it is and PostgreSQL refuses it. */
#ifndef DASHBOARD_JSON_H
#define DASHBOARD_JSON_H

#include "base/attributes.h"

#include <stddef.h>

struct json {
    char *text; /* NULL when memory is short */
    size_t len, capacity;
};

void json_begin(struct json *json);
void json_add(struct json *json, const char *key, size_t key_len, const char *value, size_t value_len);
void json_add_text(struct json *json, const char *key, const char *value);

/* Ends the object. Returns its text, which the caller frees, or NULL when memory was short. */
char *json_end(struct json *json) MUST_CHECK;

#endif
