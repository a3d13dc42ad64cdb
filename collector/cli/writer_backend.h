/* What a format has to provide; only the writers include this. */
#ifndef CLI_WRITER_BACKEND_H
#define CLI_WRITER_BACKEND_H

#include "cli/writer.h"

struct writer_backend {
    void (*begin)(struct writer *writer);
    void (*row)(struct writer *writer, const char *const *values);
    void (*end)(struct writer *writer);
};

struct writer {
    const struct writer_backend *backend;
    FILE *out;
    enum writer_shape shape;
    int columns_max; /* 0: as many as it takes */
    const struct writer_column *columns;
    size_t column_count, row_count;
    char **cells; /* text only: alignment needs all rows before the first */
};

extern const struct writer_backend writer_text, writer_json, writer_csv;

#endif
