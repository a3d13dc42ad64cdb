#include "report/format.h"

#include "base/attributes.h"
#include "base/clock.h"
#include "report/explanation.h"
#include "report/remedy.h"
#include "report/summary.h"
#include "report/wrapped.h"

#include <inttypes.h>
#include <string.h>

#define LABEL_COLUMNS 18
#define DETAIL_INDENT 4
#define LINE_BYTES 512

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_BAD, COLOUR_UNSURE };

static const char *const colour_codes[] = {"", "\033[32m", "\033[31m", "\033[33m"};

struct page {
    FILE *out;
    const struct print_style *style;
};

static void set_colour(const struct page *page, enum colour colour)
{
    if (page->style->colour)
        fputs(colour == COLOUR_NONE ? "\033[0m" : colour_codes[colour], page->out);
}

static void write_paragraph(const struct page *page, unsigned indent, const char *text)
{
    struct wrapped lines = {.out = page->out, .columns = page->style->columns, .indent = indent};
    wrapped_text(&lines, text);
    wrapped_end(&lines);
}

static void write_field(const struct page *page, const char *label, const char *value)
{
    fprintf(page->out, "  %-*s", LABEL_COLUMNS - 2, label);
    struct wrapped lines = {
        .out = page->out, .columns = page->style->columns, .indent = LABEL_COLUMNS, .column = LABEL_COLUMNS};
    wrapped_text(&lines, value);
    wrapped_end(&lines);
}

static enum colour outcome_colour(uint8_t outcome)
{
    switch ((enum outcome)outcome) {
    case OUTCOME_SUPPORTED: return COLOUR_GOOD;
    case OUTCOME_PARTIAL:
    case OUTCOME_UNSUPPORTED: return COLOUR_BAD;
    default: return COLOUR_UNSURE;
    }
}

static void write_outcome(const struct page *page, const struct report *report)
{
    const char *word = outcome_word(report->outcome);

    set_colour(page, outcome_colour(report->outcome));
    fputs(word ? word : "unknown", page->out);
    set_colour(page, COLOUR_NONE);
    putc('\n', page->out);
    write_paragraph(page, 0, report->message);
    putc('\n', page->out);
}

static void write_server(const struct page *page, const struct report *report)
{
    char line[LINE_BYTES], address[ADDRESS_TEXT_BYTES], other[ADDRESS_TEXT_BYTES];

    if (report->server_name[0] == '\0')
        return;
    if (!address_known(&report->server_address))
        (void)snprintf(line, sizeof line, "%s", report->server_name);
    else
        (void)snprintf(line, sizeof line, "%s at %s, second address %s", report->server_name,
                       address_format(&report->server_address, address),
                       address_known(&report->server_other_address)
                           ? address_format(&report->server_other_address, other)
                           : "none");
    write_field(page, "STUN server", line);
}

static void write_addresses(const struct page *page, const struct report *report)
{
    char line[LINE_BYTES], local[ADDRESS_TEXT_BYTES], public[ADDRESS_TEXT_BYTES];

    (void)snprintf(line, sizeof line, "local %s, public %s", address_format_ip(&report->local_address, local),
                   address_format_ip(&report->public_address, public));
    write_field(page, "addresses", line);
}

/* A word of the vocabulary as people read it. */
static const char *spoken(const char *word, char text[64])
{
    (void)snprintf(text, 64, "%s", word ? word : "unknown");
    for (char *at = text; (at = strchr(at, '_'));)
        *at = ' ';
    return text;
}

static void write_nat(const struct page *page, const struct nat_facts *nat)
{
    char line[LINE_BYTES], nat_class[64], mapping[64], filtering[64];

    (void)snprintf(line, sizeof line, "%s; mapping %s; filtering %s%s",
                   spoken(nat_class_word(nat->nat_class), nat_class), spoken(behaviour_word(nat->mapping), mapping),
                   spoken(behaviour_word(nat->filtering), filtering),
                   nat->port_preservation == TRI_YES  ? "; keeps ports"
                   : nat->port_preservation == TRI_NO ? "; changes ports"
                                                      : "");
    write_field(page, "NAT", line);
    if (nat->binding_lifetime_s >= 0) {
        (void)snprintf(line, sizeof line, "%" PRId32 " s without traffic", nat->binding_lifetime_s);
        write_field(page, "mapping lives", line);
    }
    if (nat->double_nat == TRI_YES)
        write_field(page, "double NAT", "yes: see the warnings");
    if (nat->hairpin != TRI_UNKNOWN)
        write_field(page, "hairpin",
                    nat->hairpin == TRI_YES ? "yes: this host reaches itself by its public address"
                                            : "no: use the local address inside the LAN");
}

static void write_sip_alg(const struct page *page, const struct nat_facts *nat)
{
    char lines[SIP_ALG_DIFF_BYTES], *rest = NULL;

    if (nat->sip_alg == TRI_UNKNOWN)
        return;
    write_field(page, "SIP ALG", nat->sip_alg == TRI_YES ? "yes; sent (-) and what arrived (+):" : "none");
    memcpy(lines, nat->sip_alg_diff, sizeof lines);
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        write_field(page, "", line);
}

static void write_counts(const struct page *page, const struct report *report)
{
    struct summary summary = summary_of(report);
    char line[LINE_BYTES], word[64];
    size_t len = 0;

    line[0] = '\0';
    for (unsigned verdict = 1; verdict < SUMMARY_VERDICTS && len < sizeof line; verdict++)
        if (summary.count[verdict] > 0)
            len += (size_t)snprintf(line + len, sizeof line - len, "%s%zu %s", len ? ", " : "", summary.count[verdict],
                                    spoken(verdict_word(verdict), word));
    write_field(page, "ports", line);
}

static void write_time(const struct page *page, const struct report *report)
{
    char line[LINE_BYTES], started_at[CLOCK_TEXT_BYTES];

    (void)snprintf(line, sizeof line, "%s, took %" PRIu64 ".%03" PRIu64 " s",
                   clock_format_rfc3339(report->started_at_us, started_at), report->duration_us / 1000000,
                   report->duration_us / 1000 % 1000);
    write_field(page, "started", line);
}

static enum colour verdict_colour(const struct port_result *port)
{
    switch (port_result_as_expected(port)) {
    case TRI_YES: return COLOUR_GOOD;
    case TRI_NO: return COLOUR_BAD;
    case TRI_UNKNOWN: break;
    }
    return COLOUR_UNSURE;
}

/* --- whose fault --- */

static const char *const faults[FAULT_COUNT] = {
    [FAULT_FIREWALL] = "the router or firewall",
    [FAULT_HOST] = "this host",
    [FAULT_LINE] = "the line",
    [FAULT_SERVER] = "the server, not the firewall",
};

/* How many ports are not as they should be, by whose fault. */
static void count_faults(const struct report *report, size_t count[FAULT_COUNT])
{
    struct explanation text;

    memset(count, 0, FAULT_COUNT * sizeof *count);
    for (size_t i = 0; i < report->port_count; i++) {
        if (port_result_as_expected(&report->ports[i]) == TRI_YES || report->ports[i].spared)
            continue;
        explain(&report->ports[i], &text);
        count[text.fault]++;
    }
    count[FAULT_NOBODY] = count[FAULT_UNKNOWN] = 0;
}

static void write_faults(const struct page *page, const struct report *report)
{
    size_t count[FAULT_COUNT], len = 0;
    char line[LINE_BYTES] = "";

    if (report->nat.nat_class == NAT_CLASS_UDP_BLOCKED)
        len = (size_t)snprintf(line, sizeof line, "the router or firewall: TCP reaches the server, UDP does not");
    count_faults(report, count);
    for (enum fault fault = 0; fault < FAULT_COUNT; fault++)
        if (count[fault] > 0)
            len += (size_t)snprintf(line + len, sizeof line - len, "%s%s (%zu port%s)", len ? "; " : "", faults[fault],
                                    count[fault], count[fault] == 1 ? "" : "s");
    if (len > 0)
        write_field(page, "at fault", line);
}

/* --- groups --- */

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
        .out = page->out, .columns = page->style->columns, .indent = LABEL_COLUMNS, .column = LABEL_COLUMNS};

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
    char word[64];

    set_colour(page, verdict_colour(port));
    fprintf(page->out, "  %-*s", LABEL_COLUMNS - 2, spoken(verdict_word(port->verdict), word));
    set_colour(page, COLOUR_NONE);
    write_ranges(page, report, index);
    explain(port, &text);
    write_paragraph(page, DETAIL_INDENT, text.cause);
    if (text.cure[0] != '\0')
        write_paragraph(page, DETAIL_INDENT, text.cure);
}

static void write_list(const struct page *page, const char *title, const char *(*line)(const struct report *, size_t),
                       const struct report *report, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_field(page, i == 0 ? title : "", line(report, i));
}

static const char *warning_line(const struct report *report, size_t index)
{
    return report->warnings[index].message;
}

static const char *advice_line(const struct report *report, size_t index)
{
    return report->advice[index];
}

/* What is wrong comes first. */
static void write_groups(const struct page *page, const struct report *report)
{
    static const enum colour order[] = {COLOUR_BAD, COLOUR_UNSURE, COLOUR_GOOD};

    for (size_t rank = 0; rank < ARRAY_LEN(order); rank++)
        for (size_t i = 0; i < report->port_count; i++)
            if (verdict_colour(&report->ports[i]) == order[rank] && is_first_of_group(report, i))
                write_group(page, report, i);
}

/* --- what to change in which router --- */

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
        write_field(page, hints[i].family, hints[i].where);
}

static void write_remedies(const struct page *page, const struct report *report)
{
    bool wanted[REMEDY_COUNT] = {false};
    char host[ADDRESS_TEXT_BYTES], line[LINE_BYTES];
    bool first = true;

    want_remedies(report, wanted);
    for (enum remedy remedy = 0; remedy < REMEDY_COUNT; remedy++) {
        if (!wanted[remedy] || !remedy_title(remedy))
            continue;
        (void)snprintf(line, sizeof line,
                       "Where to begin to look in the router; HOST is %s, and menus differ from version to version.",
                       address_format_ip(&report->local_address, host));
        if (first) {
            putc('\n', page->out);
            write_paragraph(page, 0, line);
        }
        first = false;
        write_hints(page, remedy);
    }
}

void report_print_text(const struct report *report, const struct print_style *style, FILE *out)
{
    struct page page = {.out = out, .style = style};

    write_outcome(&page, report);
    write_server(&page, report);
    write_addresses(&page, report);
    write_nat(&page, &report->nat);
    write_sip_alg(&page, &report->nat);
    write_counts(&page, report);
    write_faults(&page, report);
    write_time(&page, report);
    write_list(&page, "warning", warning_line, report, report->warning_count);
    write_list(&page, "advice", advice_line, report, report->advice_count);
    if (report->port_count > 0)
        putc('\n', out);
    write_groups(&page, report);
    write_remedies(&page, report);
}
