/* The page of text that a report is printed on: paragraphs and fields within its columns, in colour where that is
 * wanted. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/format.h"

#include <stdio.h>

#define PAGE_LABEL_COLUMNS 18
#define PAGE_WORD_BYTES 64

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_BAD, COLOUR_UNSURE };

struct page {
    FILE *out;
    const struct print_style *style;
};

void page_colour(const struct page *page, enum colour colour);
void page_paragraph(const struct page *page, unsigned indent, const char *text);
/* A label (none: "") and what stands beside it. */
void page_field(const struct page *page, const char *label, const char *value);

/* A word of the vocabulary as people read it; NULL: "unknown". */
const char *page_spoken(const char *word, char text[PAGE_WORD_BYTES]);

#endif
