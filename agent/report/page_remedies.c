#include "report/page_remedies.h"

#include "report/explanation.h"
#include "report/remedy.h"

#include <stdbool.h>
#include <stdio.h>

#define LINE_BYTES 256

static void want_remedies(const struct report *report, bool wanted[REMEDY_COUNT])
{
    struct explanation text;

    for (size_t i = 0; i < report->port_count; i++) {
        if (port_result_as_expected(&report->ports[i]) == TRI_YES || report->ports[i].spared)
            continue;
        explain(&report->ports[i], &text);
        wanted[text.remedy] |= text.cure[0] != '\0';
    }
    wanted[REMEDY_FORWARD] |= wanted[REMEDY_FORWARD_STATIC];
    wanted[REMEDY_STATIC_PORT] |= wanted[REMEDY_FORWARD_STATIC];
    wanted[REMEDY_EGRESS] |= report->nat.nat_class == NAT_CLASS_UDP_BLOCKED;
    wanted[REMEDY_ALG] = report->nat.sip_alg == TRI_YES;
    if (report->family == 6 || report->nat.mapping == BEHAVIOUR_NONE) /* nothing is translated there */
        wanted[REMEDY_FORWARD] = wanted[REMEDY_STATIC_PORT] = false;
}

static void write_hints(const struct page *page, enum remedy remedy)
{
    size_t count;
    const struct remedy_hint *hints = remedy_hints(remedy, &count);

    fprintf(page->out, "\nTo %s:\n", remedy_title(remedy));
    for (size_t i = 0; i < count; i++)
        page_field(page, hints[i].family, hints[i].where);
}

static void introduce(const struct page *page, const struct report *report)
{
    char host[ADDRESS_TEXT_BYTES], line[LINE_BYTES];

    (void)snprintf(line, sizeof line,
                   "Where to begin to look in the router; HOST is %s, and menus differ from version to version.",
                   address_format_ip(&report->local_address, host));
    putc('\n', page->out);
    page_paragraph(page, 0, line);
}

void page_remedies(const struct page *page, const struct report *report)
{
    bool wanted[REMEDY_COUNT] = {false}, introduced = false;

    want_remedies(report, wanted);
    for (enum remedy remedy = 0; remedy < REMEDY_COUNT; remedy++) {
        if (!wanted[remedy] || !remedy_title(remedy))
            continue;
        if (!introduced)
            introduce(page, report);
        introduced = true;
        write_hints(page, remedy);
    }
}
