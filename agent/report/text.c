#include "report/format.h"

#include "base/clock.h"
#include "report/explanation.h"
#include "report/page.h"
#include "report/page_groups.h"
#include "report/page_remedies.h"
#include "report/summary.h"

#include <inttypes.h>
#include <string.h>

#define LINE_BYTES 512

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

    page_colour(page, outcome_colour(report->outcome));
    fputs(word ? word : "unknown", page->out);
    page_colour(page, COLOUR_NONE);
    putc('\n', page->out);
    page_paragraph(page, 0, report->message);
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
    page_field(page, "STUN server", line);
}

static void write_addresses(const struct page *page, const struct report *report)
{
    char line[LINE_BYTES], local[ADDRESS_TEXT_BYTES], public[ADDRESS_TEXT_BYTES];

    (void)snprintf(line, sizeof line, "local %s, public %s", address_format_ip(&report->local_address, local),
                   address_format_ip(&report->public_address, public));
    page_field(page, "addresses", line);
}

static void write_nat(const struct page *page, const struct nat_facts *nat)
{
    char line[LINE_BYTES], nat_class[PAGE_WORD_BYTES], mapping[PAGE_WORD_BYTES], filtering[PAGE_WORD_BYTES];

    (void)snprintf(
        line, sizeof line, "%s; mapping %s; filtering %s%s", page_spoken(nat_class_word(nat->nat_class), nat_class),
        page_spoken(behaviour_word(nat->mapping), mapping), page_spoken(behaviour_word(nat->filtering), filtering),
        nat->port_preservation == TRI_YES  ? "; keeps ports"
        : nat->port_preservation == TRI_NO ? "; changes ports"
                                           : "");
    page_field(page, "NAT", line);
    if (nat->binding_lifetime_s >= 0) {
        (void)snprintf(line, sizeof line, "%" PRId32 " s without traffic", nat->binding_lifetime_s);
        page_field(page, "mapping lives", line);
    }
    if (nat->double_nat == TRI_YES)
        page_field(page, "double NAT", "yes: see the warnings");
    if (nat->hairpin != TRI_UNKNOWN)
        page_field(page, "hairpin",
                   nat->hairpin == TRI_YES ? "yes: this host reaches itself by its public address"
                                           : "no: use the local address inside the LAN");
}

static void write_sip_alg(const struct page *page, const struct nat_facts *nat)
{
    char lines[SIP_ALG_DIFF_BYTES], *rest = NULL;

    if (nat->sip_alg == TRI_UNKNOWN)
        return;
    page_field(page, "SIP ALG", nat->sip_alg == TRI_YES ? "yes; sent (-) and what arrived (+):" : "none");
    memcpy(lines, nat->sip_alg_diff, sizeof lines);
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        page_field(page, "", line);
}

static void write_counts(const struct page *page, const struct report *report)
{
    struct summary summary = summary_of(report);
    char line[LINE_BYTES], word[PAGE_WORD_BYTES];
    size_t len = 0;

    line[0] = '\0';
    for (unsigned verdict = 1; verdict < SUMMARY_VERDICTS && len < sizeof line; verdict++)
        if (summary.count[verdict] > 0)
            len += (size_t)snprintf(line + len, sizeof line - len, "%s%zu %s", len ? ", " : "", summary.count[verdict],
                                    page_spoken(verdict_word(verdict), word));
    page_field(page, "ports", line);
}

static void write_time(const struct page *page, const struct report *report)
{
    char line[LINE_BYTES], started_at[CLOCK_TEXT_BYTES];

    (void)snprintf(line, sizeof line, "%s, took %" PRIu64 ".%03" PRIu64 " s",
                   clock_format_rfc3339(report->started_at_us, started_at), report->duration_us / 1000000,
                   report->duration_us / 1000 % 1000);
    page_field(page, "started", line);
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
        page_field(page, "at fault", line);
}

static void write_list(const struct page *page, const char *title, const char *(*line)(const struct report *, size_t),
                       const struct report *report, size_t count)
{
    for (size_t i = 0; i < count; i++)
        page_field(page, i == 0 ? title : "", line(report, i));
}

static const char *warning_line(const struct report *report, size_t index)
{
    return report->warnings[index].message;
}

static const char *advice_line(const struct report *report, size_t index)
{
    return report->advice[index];
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
    page_groups(&page, report);
    page_remedies(&page, report);
}
