#include "cli/html.h"

#include <assert.h>
#include <stdarg.h>

static void put_text(FILE *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        switch (*c) {
        case '&': (void)fputs("&amp;", out); break;
        case '<': (void)fputs("&lt;", out); break;
        case '>': (void)fputs("&gt;", out); break;
        case '"': (void)fputs("&quot;", out); break;
        case '\'': (void)fputs("&#39;", out); break;
        default: (void)fputc(*c, out);
        }
    }
}

void html_print(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (const char *c = format; *c; c++) {
        if (*c != '%') {
            (void)fputc(*c, out);
            continue;
        }
        c++;
        assert(*c == 's' || *c == 'd' || *c == '%');
        if (*c == 's')
            put_text(out, va_arg(arguments, const char *));
        else if (*c == 'd')
            (void)fprintf(out, "%d", va_arg(arguments, int));
        else
            (void)fputc('%', out);
    }
    va_end(arguments);
}
