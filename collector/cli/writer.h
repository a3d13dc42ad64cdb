/* What every subcommand prints goes through here, so --format works everywhere: aligned text for people, JSON and CSV
 * for programs. A subcommand says what the columns are and hands over rows; it never knows the format. */
#ifndef CLI_WRITER_H
#define CLI_WRITER_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdio.h>

enum writer_format { WRITER_TEXT, WRITER_JSON, WRITER_CSV };

/* A record is one row: text shows it as lines "NAME  value", JSON as one object instead of an array. A tally is a
 * record of which text leaves out the numbers that are 0. */
enum writer_shape { WRITER_TABLE, WRITER_RECORD, WRITER_TALLY };

enum writer_kind {
    WRITER_WORDS,  /* text */
    WRITER_NUMBER, /* as PostgreSQL prints it */
    WRITER_BOOL,   /* "t" or "f" */
    WRITER_NESTED  /* JSON already */
};

struct writer_column {
    const char *name; /* lower case with underscores, as in SQL */
    enum writer_kind kind;
};

struct writer;

/* "text", "json", "csv"; returns 0 or -1. */
int writer_format_parse(const char *word, enum writer_format *format) MUST_CHECK;

struct writer *writer_create(enum writer_format format, FILE *out);
/* Text only: a table that is wider than so many columns has its last one folded, so that a terminal shows rows in
 * lines. */
void writer_fold(struct writer *writer, int columns);
/* `columns` must live until writer_end. */
void writer_begin(struct writer *writer, enum writer_shape shape, const struct writer_column *columns, size_t count);
/* One value for each column; NULL = unknown. The values are not kept. */
void writer_row(struct writer *writer, const char *const *values);
void writer_end(struct writer *writer);
/* Returns 0, or -EIO when not all could be written. */
int writer_destroy(struct writer *writer) MUST_CHECK;

#endif
