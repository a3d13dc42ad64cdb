/* RFC 4180, with bare line feeds: a header line, then a line a row; unknown is empty. A text that a spreadsheet would
 * run as a formula, or would after dropping the tab or carriage return that it begins with, has an apostrophe before
 * it: hosts choose their own names. */
#include "cli/writer_backend.h"

#include <stdbool.h>
#include <string.h>

static void put_field(FILE *out, const char *text, bool formula)
{
    const char *defused = formula ? "'" : "";
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fprintf(out, "%s%s", defused, text);
        return;
    }
    (void)fprintf(out, "\"%s", defused);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            (void)fputc('"', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void csv_begin(struct writer *writer)
{
    for (size_t i = 0; i < writer->column_count; i++) {
        if (i > 0)
            (void)fputc(',', writer->out);
        put_field(writer->out, writer->columns[i].name, false);
    }
    (void)fputc('\n', writer->out);
}

static const char *spoken(enum writer_kind kind, const char *value)
{
    if (value == NULL)
        return "";
    if (kind == WRITER_BOOL)
        return value[0] == 't' ? "true" : "false";
    return value;
}

static bool is_formula(enum writer_kind kind, const char *text)
{
    return kind == WRITER_WORDS && text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

static void csv_row(struct writer *writer, const char *const *values)
{
    for (size_t i = 0; i < writer->column_count; i++) {
        if (i > 0)
            (void)fputc(',', writer->out);
        const char *text = spoken(writer->columns[i].kind, values[i]);
        put_field(writer->out, text, is_formula(writer->columns[i].kind, text));
    }
    (void)fputc('\n', writer->out);
}

static void csv_end(struct writer *writer)
{
    (void)writer;
}

const struct writer_backend writer_csv = {csv_begin, csv_row, csv_end};
