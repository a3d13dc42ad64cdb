/* Aligned text for people: a table with a heading, or the lines of a record. */
#include "cli/complain.h"
#include "cli/writer_backend.h"
#include "proto/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GAP 2

/* Columns on a terminal: code points, as names in wide scripts are rare and a slip only bends a line. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static const char *spoken(enum writer_kind kind, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return "-";
    if (kind == WRITER_BOOL)
        return value[0] == 't' ? "yes" : "no";
    return value;
}

/* Some texts come from far hosts: nothing of theirs may control the terminal. */
static char *printable(const char *text)
{
    return text_clean(must_have(strdup(text)), TEXT_LINE);
}

static char *heading_of(const char *name)
{
    char *heading = must_have(strdup(name));
    for (char *c = heading; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : (char)toupper((unsigned char)*c);
    return heading;
}

static void keep_row(struct writer *writer, const char *const *values)
{
    size_t used = writer->row_count * writer->column_count;
    writer->cells = must_have(reallocarray(writer->cells, used + writer->column_count, sizeof *writer->cells));
    for (size_t i = 0; i < writer->column_count; i++)
        writer->cells[used + i] = printable(spoken(writer->columns[i].kind, values[i]));
}

static void text_begin(struct writer *writer)
{
    writer->cells = NULL;
}

static void put_padded(FILE *out, const char *text, int width, bool right)
{
    int blanks = width > width_of(text) ? width - width_of(text) : 0;
    (void)fprintf(out, "%*s%s%*s", right ? blanks : 0, "", text, right ? 0 : blanks, "");
}

static void put_line(struct writer *writer, char *const *cells, const int *widths)
{
    for (size_t i = 0; i < writer->column_count; i++) {
        bool last = i + 1 == writer->column_count, right = writer->columns[i].kind == WRITER_NUMBER;
        put_padded(writer->out, cells[i], last && !right ? 0 : widths[i], right);
        (void)fprintf(writer->out, "%*s", last ? 0 : GAP, "");
    }
    (void)fputc('\n', writer->out);
}

static void put_table(struct writer *writer)
{
    size_t columns = writer->column_count;
    int *widths = must_have(calloc(columns, sizeof *widths));
    char **headings = must_have(calloc(columns, sizeof *headings));
    for (size_t i = 0; i < columns; i++) {
        headings[i] = heading_of(writer->columns[i].name);
        widths[i] = width_of(headings[i]);
        for (size_t row = 0; row < writer->row_count; row++) {
            int width = width_of(writer->cells[row * columns + i]);
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    put_line(writer, headings, widths);
    for (size_t row = 0; row < writer->row_count; row++)
        put_line(writer, writer->cells + row * columns, widths);
    for (size_t i = 0; i < columns; i++)
        free(headings[i]);
    free(headings);
    free(widths);
}

static void put_record(struct writer *writer)
{
    int width = 0;
    for (size_t i = 0; i < writer->column_count; i++)
        if (width_of(writer->columns[i].name) > width)
            width = width_of(writer->columns[i].name);
    for (size_t i = 0; i < writer->column_count; i++) {
        char *heading = heading_of(writer->columns[i].name);
        (void)fprintf(writer->out, "%-*s%s\n", width + GAP, heading, writer->cells[i]);
        free(heading);
    }
}

static void text_end(struct writer *writer)
{
    if (writer->row_count == 0)
        (void)fputs("nothing to show\n", writer->out);
    else if (writer->shape == WRITER_RECORD)
        put_record(writer);
    else
        put_table(writer);
    for (size_t i = 0; i < writer->row_count * writer->column_count; i++)
        free(writer->cells[i]);
    free(writer->cells);
    writer->cells = NULL;
}

const struct writer_backend writer_text = {text_begin, keep_row, text_end};
