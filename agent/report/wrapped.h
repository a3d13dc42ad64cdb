/* Text wrapped at a column, with a hanging indent and without terminal escapes that strangers may have put in. */
#ifndef REPORT_WRAPPED_H
#define REPORT_WRAPPED_H

#include <stdio.h>

struct wrapped {
    FILE *out;
    unsigned columns; /* no line is longer, unless one word is */
    unsigned indent;  /* of every line but the first */
    unsigned column;  /* where the next character goes */
};

void wrapped_word(struct wrapped *wrapped, const char *word, size_t len); /* breaks the line before it if needed */
void wrapped_text(struct wrapped *wrapped, const char *text);             /* word by word */
void wrapped_end(struct wrapped *wrapped);                                /* ends the line */

#endif
