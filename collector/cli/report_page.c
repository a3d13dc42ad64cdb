#include "cli/report_page.h"

#include "cli/html.h"
#include "cli/report_style.h"
#include "cli/report_words.h"
#include "cli/report_work.h"

#include <string.h>

static void put_head(FILE *out, const struct report_facts *facts)
{
    html_print(out,
               "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\">"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
               "<title>Firewall report: %s</title>\n<style>",
               facts->customer);
    (void)fputs(report_style, out);
    html_print(out,
               "</style></head>\n<body>\n<header><p class=\"soft\">Firewall report for telephony</p><h1>%s</h1>"
               "<p class=\"soft\">Made on %s UTC</p></header>\n",
               facts->customer, facts->made_at);
}

static void put_tile(FILE *out, enum chart_kind kind, int count, const char *words)
{
    html_print(out, "<div class=\"tile %s\"><b>%d</b>%s</div>", chart_word(kind), count, words);
}

static void put_tiles(FILE *out, const int counts[CHART_KINDS])
{
    (void)fputs("<div class=\"tiles\">", out);
    put_tile(out, CHART_GOOD, counts[CHART_GOOD], "ready for calls");
    put_tile(out, CHART_PART, counts[CHART_PART], "fail in part");
    put_tile(out, CHART_BAD, counts[CHART_BAD], "fail");
    put_tile(out, CHART_OPEN, counts[CHART_OPEN], "not judged");
    (void)fputs("</div>\n", out);
    chart_share(out, counts);
}

/* "3 sites need": the words for one, and for several. */
static void put_count(FILE *out, int count, const char *one, const char *several, const char *rest)
{
    if (count > 0)
        html_print(out, " %d %s%s", count, count == 1 ? one : several, rest);
}

static void put_summary(FILE *out, const struct report_facts *facts)
{
    int counts[CHART_KINDS] = {0}, out_of_date = 0;
    for (size_t i = 0; i < facts->site_count; i++) {
        counts[report_wording(facts->sites[i].outcome)->kind]++;
        out_of_date += facts->sites[i].stale;
    }
    int work = counts[CHART_PART] + counts[CHART_BAD];
    html_print(out, "<main>\n<p class=\"lead\"><strong>%d of %d sites are ready for calls.</strong>",
               counts[CHART_GOOD], (int)facts->site_count);
    if (work == 0 && counts[CHART_OPEN] == 0)
        html_print(out, " Nothing has to be done.");
    put_count(out, work, "site needs", "sites need", " a change at the router; this report says which.");
    put_count(out, counts[CHART_OPEN], "has", "have", " not been judged.");
    put_count(out, out_of_date, "result is", "results are", " from more than a week ago.");
    (void)fputs("</p>\n", out);
    put_tiles(out, counts);
}

/* Words of the database as people read them; ports and addresses as they are. */
static void put_value(FILE *out, const char *what, const char *value)
{
    if (strcmp(what, "outcome") == 0) {
        report_put_badge(out, value);
        return;
    }
    for (const char *c = value; *c; c++)
        html_print(out, "%s", (const char[]){*c == '_' ? ' ' : *c, '\0'});
}

static void put_change(FILE *out, const struct report_change *change)
{
    html_print(out, "<tr><td>%s</td><td>%s</td><td>", change->site, report_what(change->what));
    put_value(out, change->what, change->before);
    (void)fputs("</td><td>", out);
    put_value(out, change->what, change->after);
    (void)fputs("</td></tr>\n", out);
}

static void put_changes(FILE *out, const struct report_facts *facts)
{
    char day[sizeof "2026-01-31"];
    (void)snprintf(day, sizeof day, "%.10s", facts->since);
    html_print(out, "<h2>What changed since %s%s</h2>\n", facts->since_is_report ? "the last report on " : "", day);
    if (facts->change_count == 0) {
        (void)fputs("<p>Nothing.</p>\n", out);
        return;
    }
    (void)fputs("<div class=\"scroll\"><table><thead><tr><th>Site</th><th>What</th><th>Before</th><th>Now</th></tr>"
                "</thead><tbody>\n",
                out);
    for (size_t i = 0; i < facts->change_count; i++)
        put_change(out, &facts->changes[i]);
    (void)fputs("</tbody></table></div>\n", out);
}

static void put_days(FILE *out, const struct report_facts *facts)
{
    if (facts->day_count < 2)
        return;
    (void)fputs("<h2>The last three months</h2>\n<figure>", out);
    chart_days(out, facts->days, facts->day_count);
    (void)fputs("<figcaption>Sites that were tested each day: green ready for calls, amber fail in part, red fail, "
                "grey not judged.</figcaption></figure>\n",
                out);
}

static void put_site(FILE *out, const struct report_site *site)
{
    html_print(out, "<tr><td>%s</td><td>", site->name);
    report_put_badge(out, site->outcome);
    if (site->flapping)
        (void)fputs("<br><span class=\"soft\">comes and goes</span>", out);
    html_print(out,
               "</td><td class=\"number\">%s</td><td class=\"number\">%s</td><td>%s</td><td "
               "class=\"time\">%s%s</td><td>%s</td></tr>\n",
               site->pass, site->fail, site->address, site->last_sweep, site->stale ? " (out of date)" : "",
               site->agent);
}

static void put_sites(FILE *out, const struct report_facts *facts)
{
    (void)fputs("<h2>All sites</h2>\n<div class=\"scroll\"><table><thead><tr><th>Site</th><th>Result</th>"
                "<th class=\"number\">Ports good</th><th class=\"number\">Ports bad</th><th>Public address</th>"
                "<th>Last test (UTC)</th><th>Agent</th></tr></thead><tbody>\n",
                out);
    for (size_t i = 0; i < facts->site_count; i++)
        put_site(out, &facts->sites[i]);
    (void)fputs("</tbody></table></div>\n", out);
}

static void put_words(FILE *out)
{
    (void)fputs("<h2>Words</h2>\n<dl>"
                "<dt>Ready for calls</dt><dd>Every port that the phone system needs is reachable from outside, and "
                "keeps its number.</dd>"
                "<dt>Fail in part</dt><dd>Some ports do not: some calls have no sound or do not ring.</dd>"
                "<dt>Fail</dt><dd>No port does: calls from outside do not work, or only by luck.</dd>"
                "<dt>Forward</dt><dd>The router's rule that hands what arrives at a port to the phone system.</dd>"
                "<dt>Static source port</dt><dd>The router leaves the port of outgoing packets as it is.</dd>"
                "<dt>SIP ALG</dt><dd>A helper in the router that rewrites calls, and breaks many of them.</dd>"
                "</dl>\n</main>\n</body></html>\n",
                out);
}

void report_page(FILE *out, const struct report_facts *facts)
{
    put_head(out, facts);
    put_summary(out, facts);
    report_put_work(out, facts);
    put_changes(out, facts);
    put_days(out, facts);
    put_sites(out, facts);
    put_words(out);
}
