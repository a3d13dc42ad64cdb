/* Aligned text for people: a table with a heading, or the lines of a record. */
#include "cli/complain.h"
#include "cli/writer_backend.h"
#include "proto/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GAP 2
#define FOLD_LEAST 30 /* columns that are worth a column of folded text; with fewer it stands below its row */

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

/* How many bytes of `text` stand on a line of so many columns: up to a blank, and a word at least. */
static size_t fold_at(const char *text, int columns)
{
    size_t fits = 0, len = 0;
    for (int width = 0; text[len] != '\0' && (width <= columns || fits == 0); len++) {
        width += ((unsigned char)text[len] & 0xC0) != 0x80;
        if (text[len] == ' ')
            fits = len;
    }
    return text[len] == '\0' && width_of(text) <= columns ? len : fits > 0 ? fits : len;
}

static void put_folded(FILE *out, const char *text, int indent, int columns)
{
    for (size_t len; *text != '\0'; text += len + strspn(text + len, " ")) {
        len = fold_at(text, columns);
        (void)fprintf(out, "%.*s\n%*s", (int)len, text, text[len] != '\0' ? indent : 0, "");
    }
}

/* Where the last column begins, and how wide it may be. */
struct fold {
    int indent, columns;
};

/* All of it in its place, or folded in its place, or below. */
static struct fold fold_of(const struct writer *writer, const int *widths)
{
    int start = 0, last = widths[writer->column_count - 1];
    for (size_t i = 0; i + 1 < writer->column_count; i++)
        start += widths[i] + GAP;
    bool words = writer->columns[writer->column_count - 1].kind == WRITER_WORDS;
    if (writer->columns_max == 0 || !words || start + last <= writer->columns_max)
        return (struct fold){start, last};
    if (start + FOLD_LEAST <= writer->columns_max)
        return (struct fold){start, writer->columns_max - start};
    return (struct fold){2 * GAP, writer->columns_max - 2 * GAP};
}

static void put_line(struct writer *writer, char *const *cells, const int *widths, struct fold fold)
{
    int used = 0;
    size_t last = writer->column_count - 1;
    for (size_t i = 0; i < last; i++) {
        put_padded(writer->out, cells[i], widths[i], writer->columns[i].kind == WRITER_NUMBER);
        used += widths[i] + GAP;
        if (i + 1 < last || used <= fold.indent)
            (void)fprintf(writer->out, "%*s", GAP, "");
    }
    if (used > fold.indent)
        (void)fprintf(writer->out, "\n%*s", fold.indent, "");
    if (writer->columns[last].kind != WRITER_NUMBER) {
        put_folded(writer->out, cells[last], fold.indent, fold.columns);
        return;
    }
    put_padded(writer->out, cells[last], widths[last], true);
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
    struct fold fold = fold_of(writer, widths);
    put_line(writer, headings, widths, fold);
    for (size_t row = 0; row < writer->row_count; row++)
        put_line(writer, writer->cells + row * columns, widths, fold);
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
        if (writer->shape == WRITER_TALLY && strcmp(writer->cells[i], "0") == 0)
            continue;
        char *heading = heading_of(writer->columns[i].name);
        (void)fprintf(writer->out, "%-*s%s\n", width + GAP, heading, writer->cells[i]);
        free(heading);
    }
}

static void text_end(struct writer *writer)
{
    if (writer->row_count == 0)
        (void)fputs("nothing to show\n", writer->out);
    else if (writer->shape != WRITER_TABLE)
        put_record(writer);
    else
        put_table(writer);
    for (size_t i = 0; i < writer->row_count * writer->column_count; i++)
        free(writer->cells[i]);
    free(writer->cells);
    writer->cells = NULL;
}

const struct writer_backend writer_text = {text_begin, keep_row, text_end};
