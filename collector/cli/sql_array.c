#include "cli/sql_array.h"

#include "cli/complain.h"

#include <stdlib.h>
#include <string.h>

char *sql_array(const struct words *words)
{
    size_t bytes = sizeof "{}";
    for (size_t i = 0; i < words->count; i++)
        bytes += 2 * strlen(words->items[i]) + sizeof "\"\",";
    char *array = must_have(malloc(bytes)), *next = array;
    *next++ = '{';
    for (size_t i = 0; i < words->count; i++) {
        next = stpcpy(next, i > 0 ? ",\"" : "\"");
        for (const char *c = words->items[i]; *c != '\0'; c++) {
            if (*c == '"' || *c == '\\')
                *next++ = '\\';
            *next++ = *c;
        }
        *next++ = '"';
    }
    *next++ = '}';
    *next = '\0';
    return array;
}
