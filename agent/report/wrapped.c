#include "report/wrapped.h"

#include "report/utf8.h"

#include <string.h>

/* Columns a word takes: one a character. */
static unsigned width(const char *word, size_t len)
{
    unsigned columns = 0;

    for (size_t i = 0; i < len; columns++) {
        size_t bytes = utf8_length(word + i);
        i += bytes ? bytes : 1;
    }
    return columns;
}

static void write_clean(FILE *out, const char *word, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t bytes = utf8_length(word + i);
        unsigned char first = (unsigned char)word[i];
        if (bytes == 0 || first < 0x20 || first == 0x7f)
            fputs(UTF8_REPLACEMENT, out);
        else
            fwrite(word + i, 1, bytes, out);
        i += bytes ? bytes : 1;
    }
}

void wrapped_word(struct wrapped *wrapped, const char *word, size_t len)
{
    unsigned columns = width(word, len);

    if (wrapped->column > wrapped->indent && wrapped->column + 1 + columns > wrapped->columns) {
        putc('\n', wrapped->out);
        wrapped->column = 0;
    }
    if (wrapped->column > wrapped->indent) {
        putc(' ', wrapped->out);
        wrapped->column++;
    }
    for (; wrapped->column < wrapped->indent; wrapped->column++)
        putc(' ', wrapped->out);
    write_clean(wrapped->out, word, len);
    wrapped->column += columns;
}

void wrapped_text(struct wrapped *wrapped, const char *text)
{
    for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
        size_t len = strcspn(text, " \n");
        wrapped_word(wrapped, text, len);
        text += len;
    }
}

void wrapped_end(struct wrapped *wrapped)
{
    putc('\n', wrapped->out);
    wrapped->column = 0;
}
