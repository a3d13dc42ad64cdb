/* One JSON value: an array of objects for a table, a line each; one object for a record. */
#include "cli/writer_backend.h"

#include <string.h>

static void put_string(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            (void)fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            (void)fprintf(out, "\\u%04x", (unsigned)*text);
        else
            (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void put_value(FILE *out, enum writer_kind kind, const char *value)
{
    if (value == NULL)
        (void)fputs("null", out);
    else if (kind == WRITER_WORDS)
        put_string(out, value);
    else if (kind == WRITER_BOOL)
        (void)fputs(value[0] == 't' ? "true" : "false", out);
    else
        (void)fputs(value, out);
}

static void json_begin(struct writer *writer)
{
    if (writer->shape == WRITER_TABLE)
        (void)fputc('[', writer->out);
}

static void json_row(struct writer *writer, const char *const *values)
{
    if (writer->shape == WRITER_TABLE)
        (void)fputs(writer->row_count > 0 ? ",\n " : "\n ", writer->out);
    for (size_t i = 0; i < writer->column_count; i++) {
        (void)fputs(i > 0 ? ", " : "{", writer->out);
        put_string(writer->out, writer->columns[i].name);
        (void)fputs(": ", writer->out);
        put_value(writer->out, writer->columns[i].kind, values[i]);
    }
    (void)fputc('}', writer->out);
}

static void json_end(struct writer *writer)
{
    if (writer->shape == WRITER_TABLE)
        (void)fputs(writer->row_count > 0 ? "\n]" : "]", writer->out);
    (void)fputc('\n', writer->out);
}

const struct writer_backend writer_json = {json_begin, json_row, json_end};
