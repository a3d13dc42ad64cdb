/* Settings as one table: a row says name, type, default, unit and help, and the parser, --help, the man page and the
 * error messages all read the same row. Files are INI (inih): sections are the part of the name before the dot. */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum setting_type {
    SETTING_TEXT,     /* char [size] */
    SETTING_NUMBER,   /* int64_t within minimum..maximum */
    SETTING_BOOL,     /* bool: yes/no, true/false, on/off, 1/0 */
    SETTING_LIST,     /* char [size]: repeated lines are joined by ',' */
    SETTING_LOG_LEVEL /* enum log_level */
};

struct setting {
    const char *name; /* "section.key" */
    enum setting_type type;
    size_t offset; /* of the field in the program's settings struct */
    size_t size;   /* bytes of a text field */
    int64_t minimum, maximum;
    const char *default_value;
    const char *unit; /* "ms", "packets/s", or "" */
    const char *help;
};

#define SETTINGS_MESSAGE_BYTES 512

/* Writes one sentence and returns -EINVAL: for the checks of those who read settings. */
int settings_complain(char message[SETTINGS_MESSAGE_BYTES], const char *format, ...) PRINTF_LIKE(2, 3);

/* Fills `out` with the defaults of all rows. */
void settings_defaults(const struct setting *table, size_t rows, void *out);

/* Reads a file over `out`. Returns 0, or -errno with one sentence in `message` that names file, line, what is wrong and
 * what is allowed; `out` is then unchanged. */
int settings_load(const struct setting *table, size_t rows, const char *path, void *out,
                  char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

/* Sets one field from text, as a command line flag does. Errors as above. */
int settings_set(const struct setting *table, size_t rows, const char *name, const char *value, void *out,
                 char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

/* Cuts the next item off the value of a SETTING_LIST: *item points into the list, which moves on. Returns its length, 0
 * at the end. Spaces around an item do not belong to it. */
size_t settings_next_item(const char **list, const char **item) MUST_CHECK;

/* Prints the table as a commented settings file: the help text, the unit and the default of every row. */
void settings_print(const struct setting *table, size_t rows, FILE *out);

#endif
