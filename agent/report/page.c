#include "report/page.h"

#include "report/wrapped.h"

#include <string.h>

void page_colour(const struct page *page, enum colour colour)
{
    static const char *const codes[] = {"\033[0m", "\033[32m", "\033[31m", "\033[33m"};

    if (page->style->colour)
        fputs(codes[colour], page->out);
}

void page_paragraph(const struct page *page, unsigned indent, const char *text)
{
    struct wrapped lines = {.out = page->out, .columns = page->style->columns, .indent = indent};
    wrapped_text(&lines, text);
    wrapped_end(&lines);
}

void page_field(const struct page *page, const char *label, const char *value)
{
    fprintf(page->out, "  %-*s", PAGE_LABEL_COLUMNS - 2, label);
    struct wrapped lines = {
        .out = page->out, .columns = page->style->columns, .indent = PAGE_LABEL_COLUMNS, .column = PAGE_LABEL_COLUMNS};
    wrapped_text(&lines, value);
    wrapped_end(&lines);
}

const char *page_spoken(const char *word, char text[PAGE_WORD_BYTES])
{
    (void)snprintf(text, PAGE_WORD_BYTES, "%s", word ? word : "unknown");
    for (char *at = text; (at = strchr(at, '_'));)
        *at = ' ';
    return text;
}
