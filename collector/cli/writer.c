#include "cli/writer.h"

#include "cli/complain.h"
#include "cli/writer_backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    const struct writer_backend *backend;
} formats[] = {[WRITER_TEXT] = {"text", &writer_text},
               [WRITER_JSON] = {"json", &writer_json},
               [WRITER_CSV] = {"csv", &writer_csv}};

int writer_format_parse(const char *word, enum writer_format *format)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++)
        if (strcmp(word, formats[i].word) == 0) {
            *format = (enum writer_format)i;
            return 0;
        }
    return -1;
}

struct writer *writer_create(enum writer_format format, FILE *out)
{
    struct writer *writer = must_have(calloc(1, sizeof *writer));
    writer->backend = formats[format].backend;
    writer->out = out;
    return writer;
}

void writer_fold(struct writer *writer, int columns)
{
    writer->columns_max = columns;
}

void writer_begin(struct writer *writer, enum writer_shape shape, const struct writer_column *columns, size_t count)
{
    writer->shape = shape;
    writer->columns = columns;
    writer->column_count = count;
    writer->row_count = 0;
    writer->backend->begin(writer);
}

void writer_row(struct writer *writer, const char *const *values)
{
    writer->backend->row(writer, values);
    writer->row_count++;
}

void writer_end(struct writer *writer)
{
    writer->backend->end(writer);
}

int writer_destroy(struct writer *writer)
{
    int error = fflush(writer->out) != 0 || ferror(writer->out) ? -EIO : 0;
    free(writer);
    return error;
}
