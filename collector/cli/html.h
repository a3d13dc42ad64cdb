/* HTML and SVG in which no text can become markup: what is inserted is escaped, always. */
#ifndef CLI_HTML_H
#define CLI_HTML_H

#include "base/attributes.h"

#include <stdio.h>

/* Writes `format` as it is, with each %s replaced by a text, escaped, each %d by an int and %% by a
 * percent sign; there is nothing else. */
void html_print(FILE *out, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
