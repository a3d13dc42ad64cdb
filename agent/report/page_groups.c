#include "report/page_groups.h"

#include "base/attributes.h"
#include "report/explanation.h"
#include "report/wrapped.h"

#include <stdbool.h>
#include <string.h>

#define DETAIL_INDENT 4

static enum colour verdict_colour(const struct port_result *port)
{
    switch (port_result_as_expected(port)) {
    case TRI_YES: return COLOUR_GOOD;
    case TRI_NO: return COLOUR_BAD;
    case TRI_UNKNOWN: break;
    }
    return COLOUR_UNSURE;
}

static bool same_owner(const struct port_owner *a, const struct port_owner *b)
{
    return a == b || (a && b && a->pid == b->pid && strcmp(a->name, b->name) == 0);
}

/* Ports that one line of the page can speak for. */
static bool same_group(const struct port_result *a, const struct port_result *b)
{
    char left[EXPLANATION_LINE_BYTES], right[EXPLANATION_LINE_BYTES];

    if (a->verdict != b->verdict || a->reason != b->reason || a->transport != b->transport)
        return false;
    if (a->unsolicited == b->unsolicited && a->expect == b->expect && a->spared == b->spared &&
        same_owner(a->owner, b->owner))
        return true; /* what an explanation is made of */
    return strcmp(explain_line(a, left), explain_line(b, right)) == 0;
}

static bool is_first_of_group(const struct report *report, size_t index)
{
    const struct port_result *ports = report->ports;

    if (index > 0 && same_group(&ports[index - 1], &ports[index]))
        return false; /* the usual case: ports come in long equal runs */
    for (size_t i = 0; i < index; i++)
        if (same_group(&ports[i], &ports[index]))
            return false;
    return true;
}

static void write_range(struct wrapped *lines, const struct port_result *first, const struct port_result *last)
{
    char word[32];
    const char *transport = transport_word(first->transport);
    int len = first == last
                  ? snprintf(word, sizeof word, "%u/%s", first->port, transport ? transport : "")
                  : snprintf(word, sizeof word, "%u-%u/%s", first->port, last->port, transport ? transport : "");
    wrapped_word(lines, word, (size_t)len);
}

/* Every range of the group that ports[index] begins. */
static void write_ranges(const struct page *page, const struct report *report, size_t index)
{
    const struct port_result *ports = report->ports;
    struct wrapped lines = {
        .out = page->out, .columns = page->style->columns, .indent = PAGE_LABEL_COLUMNS, .column = PAGE_LABEL_COLUMNS};

    for (size_t i = index; i < report->port_count; i++) {
        if (!same_group(&ports[index], &ports[i]))
            continue;
        size_t last = i;
        while (last + 1 < report->port_count && ports[last + 1].port == ports[last].port + 1 &&
               same_group(&ports[index], &ports[last + 1]))
            last++;
        write_range(&lines, &ports[i], &ports[last]);
        i = last;
    }
    wrapped_end(&lines);
}

static void write_group(const struct page *page, const struct report *report, size_t index)
{
    const struct port_result *port = &report->ports[index];
    struct explanation text;
    char word[PAGE_WORD_BYTES];

    page_colour(page, verdict_colour(port));
    fprintf(page->out, "  %-*s", PAGE_LABEL_COLUMNS - 2, page_spoken(verdict_word(port->verdict), word));
    page_colour(page, COLOUR_NONE);
    write_ranges(page, report, index);
    explain(port, &text);
    page_paragraph(page, DETAIL_INDENT, text.cause);
    if (text.cure[0] != '\0')
        page_paragraph(page, DETAIL_INDENT, text.cure);
}

/* What is wrong comes first. */
void page_groups(const struct page *page, const struct report *report)
{
    static const enum colour order[] = {COLOUR_BAD, COLOUR_UNSURE, COLOUR_GOOD};

    for (size_t rank = 0; rank < ARRAY_LEN(order); rank++)
        for (size_t i = 0; i < report->port_count; i++)
            if (verdict_colour(&report->ports[i]) == order[rank] && is_first_of_group(report, i))
                write_group(page, report, i);
}
