/* Command lines as tables: a row says name, kind, where the value goes and the help, and parser and --help read the
 * same row. */
#ifndef CLI_FLAGS_H
#define CLI_FLAGS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define WORDS_MAX 64

/* Words in the order they were given; they stay in argv. */
struct words {
    size_t count;
    const char *items[WORDS_MAX];
};

enum flag_kind {
    FLAG_SWITCH, /* bool *: no value */
    FLAG_TEXT,   /* const char **: the last one counts */
    FLAG_NUMBER, /* long *: 1 or more */
    FLAG_LIST    /* struct words *: may repeat */
};

struct flag {
    const char *name; /* "--customer" */
    enum flag_kind kind;
    void *target;
    const char *value_name; /* "NAME"; NULL for a switch */
    const char *help;
};

struct flag_table {
    const struct flag *flags;
    size_t count;
};

/* Reads argv[0..argc) by the rows of `tables`; "--flag value" and "--flag=value" mean the same, "--" ends the flags.
 * What is no flag goes to `operands`. Returns 0, or EX_USAGE after a sentence on stderr. */
int flags_parse(const struct flag_table *tables, size_t table_count, int argc, char *const *argv,
                struct words *operands) MUST_CHECK;

void flags_print(const struct flag_table *table, FILE *out);

#endif
