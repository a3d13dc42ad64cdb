#include "cli/report_page.h"

#include "cli/chart.h"
#include "cli/complain.h"
#include "cli/html.h"
#include "cli/report_style.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* What a person who does not know NAT reads for an outcome, and how it is shown. */
static const struct wording {
    const char *outcome; /* "" = never swept */
    const char *words, *mark;
    enum chart_kind kind;
} wordings[] = {
    {"supported", "Ready for calls", "\u2713", CHART_GOOD},
    {"partial", "Calls fail in part", "\u25b2", CHART_PART},
    {"unsupported", "Calls fail", "\u2717", CHART_BAD},
    {"inconclusive", "Not all could be judged", "?", CHART_OPEN},
    {"not_run", "Could not be tested", "?", CHART_OPEN},
    {"", "Never tested", "?", CHART_OPEN},
};

/* clang-format off */
static const char BEGIN_SQL[] =
    "select c.name, to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI') as made_at,"
    "  case when $2::text is null then natsweep.note_report(c.name) end as last_report,"
    "  $2::timestamptz as wanted, now() - interval '30 days' as usual"
    " from natsweep.customer c where c.name = $1";
static const char SITES_SQL[] =
    "select s.site, coalesce(s.outcome, '') as outcome, coalesce(s.nat_class, 'unknown') as nat_class,"
    "  coalesce(host(s.public_address), '') as address, coalesce(s.pass_count::text, '') as pass, coalesce(s.fail_count::text, '') as fail,"
    "  coalesce(to_char(s.last_sweep at time zone 'utc', 'YYYY-MM-DD HH24:MI'), 'never') as last_sweep,"
    "  case when s.agent_last_seen is null then 'none yet' when s.agent_online then 'connected'"
    "    else 'away since ' || to_char(s.agent_last_seen at time zone 'utc', 'YYYY-MM-DD') end as agent,"
    "  coalesce(s.cause, s.message, 'No test has run here yet.') as cause,"
    "  coalesce(s.cure, case when s.outcome is null then 'Install the agent on the phone system and start a test.' end, '') as cure,"
    "  coalesce(to_char(s.failing_since at time zone 'utc', 'YYYY-MM-DD'), '') as failing_since,"
    "  coalesce(natsweep.router_hint(s.tags), '') as hint, s.stale, s.flapping, s.site_id, array_to_string(s.tags, ', ') as tags"
    " from natsweep.site_status s where s.customer = $1"
    " order by array_position(array['unsupported', 'partial', 'inconclusive', 'not_run', null, 'supported'], s.outcome), s.site";
static const char DAYS_SQL[] =
    "select d.day, d.supported, d.partial, d.unsupported, d.inconclusive + d.not_run as open"
    " from natsweep.customer_day d join natsweep.customer c using (customer_id)"
    " where c.name = $1 and d.day > (now() at time zone 'utc')::date - 91 order by d.day";
static const char RANGES_SQL[] =
    "with judged as ("
    "  select transport, port, role, as_expected, message, port - row_number() over"
    "    (partition by transport, role, as_expected, message order by port) as run"
    "  from natsweep.port_current where site_id = $1::bigint)"
    " select min(port) as first, max(port) as last, transport, role, as_expected, message"
    " from judged group by transport, role, as_expected, message, run order by transport, min(port)";
static const char CHANGES_SQL[] =
    "select d.site, d.what, d.before, d.after from natsweep.fleet_difference($2::timestamptz) d where d.customer = $1"
    " order by d.what <> 'outcome', d.site, d.what";
/* clang-format on */

enum { BEGIN_NAME, BEGIN_MADE_AT, BEGIN_LAST, BEGIN_WANTED, BEGIN_USUAL };

struct page {
    FILE *out;
    struct database *database;
    const char *customer;
    char since[64];
    bool since_is_report; /* since the last report, not a time that somebody chose */
    PGresult *sites;
    int counts[CHART_KINDS], out_of_date;
};

static const struct wording *wording_of(const char *outcome)
{
    for (size_t i = 0; i < ARRAY_LEN(wordings) - 1; i++)
        if (strcmp(wordings[i].outcome, outcome) == 0)
            return &wordings[i];
    return &wordings[ARRAY_LEN(wordings) - 1];
}

static const char *cell(const PGresult *result, int row, const char *column)
{
    return PQgetvalue(result, row, PQfnumber(result, column));
}

static int number(const PGresult *result, int row, const char *column)
{
    return (int)strtol(cell(result, row, column), NULL, 10);
}

static bool is_true(const PGresult *result, int row, const char *column)
{
    return strcmp(cell(result, row, column), "t") == 0;
}

static void badge(FILE *out, const struct wording *wording)
{
    html_print(out, "<span class=\"badge %s\">%s %s</span>", chart_word(wording->kind), wording->mark, wording->words);
}

static bool is_out_of_date(const PGresult *sites, int row)
{
    return is_true(sites, row, "stale") && cell(sites, row, "outcome")[0] != '\0';
}

static void count_sites(struct page *page)
{
    for (int row = 0; row < PQntuples(page->sites); row++) {
        page->counts[wording_of(cell(page->sites, row, "outcome"))->kind]++;
        page->out_of_date += is_out_of_date(page->sites, row);
    }
}

static void put_head(const struct page *page, const PGresult *begun)
{
    html_print(page->out,
               "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\">"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
               "<title>Firewall report: %s</title>\n<style>",
               page->customer);
    (void)fputs(report_style, page->out);
    html_print(page->out,
               "</style></head>\n<body>\n<header><p class=\"soft\">Firewall report for telephony</p><h1>%s</h1>"
               "<p class=\"soft\">Made on %s UTC</p></header>\n",
               page->customer, PQgetvalue(begun, 0, BEGIN_MADE_AT));
}

static void put_tile(FILE *out, enum chart_kind kind, int count, const char *words)
{
    html_print(out, "<div class=\"tile %s\"><b>%d</b>%s</div>", chart_word(kind), count, words);
}

static void put_summary(const struct page *page)
{
    const int *counts = page->counts;
    int all = PQntuples(page->sites), work = counts[CHART_PART] + counts[CHART_BAD];
    html_print(page->out, "<main>\n<p class=\"lead\"><strong>%d of %d sites are ready for calls.</strong> ",
               counts[CHART_GOOD], all);
    if (work > 0)
        html_print(page->out, "%d %s a change at the router; this report says which.", work,
                   work == 1 ? "site needs" : "sites need");
    else if (counts[CHART_OPEN] == 0)
        html_print(page->out, "Nothing has to be done.");
    if (counts[CHART_OPEN] > 0)
        html_print(page->out, " %d %s not been judged.", counts[CHART_OPEN], counts[CHART_OPEN] == 1 ? "has" : "have");
    if (page->out_of_date > 0)
        html_print(page->out, " %d %s from more than a week ago.", page->out_of_date,
                   page->out_of_date == 1 ? "result is" : "results are");
    (void)fputs("</p>\n<div class=\"tiles\">", page->out);
    put_tile(page->out, CHART_GOOD, counts[CHART_GOOD], "ready for calls");
    put_tile(page->out, CHART_PART, counts[CHART_PART], "fail in part");
    put_tile(page->out, CHART_BAD, counts[CHART_BAD], "fail");
    put_tile(page->out, CHART_OPEN, counts[CHART_OPEN], "not judged");
    (void)fputs("</div>\n", page->out);
    chart_share(page->out, counts);
}

static int put_days(const struct page *page)
{
    const struct sql_parameters parameters = {.count = 1, .values = {page->customer}};
    PGresult *result = NULL;
    int code = database_query(page->database, DAYS_SQL, &parameters, &result);
    if (code != 0)
        return code;
    int count = PQntuples(result);
    struct chart_day *days = must_have(calloc((size_t)count + 1, sizeof *days));
    for (int row = 0; row < count; row++)
        days[row] = (struct chart_day){.day = cell(result, row, "day"),
                                       .counts = {number(result, row, "supported"), number(result, row, "partial"),
                                                  number(result, row, "unsupported"), number(result, row, "open")}};
    if (count > 1) {
        (void)fputs("<h2>The last three months</h2>\n<figure>", page->out);
        chart_days(page->out, days, (size_t)count);
        (void)fputs("<figcaption>Sites that were tested each day: green ready for calls, amber fail in part, red fail, "
                    "grey not judged.</figcaption></figure>\n",
                    page->out);
    }
    free(days);
    PQclear(result);
    return 0;
}

static enum chart_kind kind_of_ports(const PGresult *ranges, int row)
{
    const char *expected = cell(ranges, row, "as_expected");
    return expected[0] == 't' ? CHART_GOOD : expected[0] == 'f' ? CHART_BAD : CHART_OPEN;
}

/* "9000-9009 (rtp, udp)" */
static void put_range(FILE *out, const PGresult *ranges, int row)
{
    html_print(out, "%s", cell(ranges, row, "first"));
    if (strcmp(cell(ranges, row, "first"), cell(ranges, row, "last")) != 0)
        html_print(out, "\u2013%s", cell(ranges, row, "last"));
    html_print(out, " (%s%s%s)", cell(ranges, row, "role"), cell(ranges, row, "role")[0] != '\0' ? ", " : "",
               cell(ranges, row, "transport"));
}

static void put_failing_ranges(FILE *out, const PGresult *ranges)
{
    bool first = true;
    for (int row = 0; row < PQntuples(ranges); row++) {
        if (kind_of_ports(ranges, row) == CHART_GOOD)
            continue;
        (void)fputs(first ? "<dt>Ports</dt><dd>" : "; ", out);
        put_range(out, ranges, row);
        first = false;
    }
    if (!first)
        (void)fputs("</dd>", out);
}

static void put_strip(FILE *out, const PGresult *ranges)
{
    size_t count = (size_t)PQntuples(ranges);
    struct chart_range *drawn = must_have(calloc(count + 1, sizeof *drawn));
    for (size_t i = 0; i < count; i++)
        drawn[i] = (struct chart_range){.first = number(ranges, (int)i, "first"),
                                        .last = number(ranges, (int)i, "last"),
                                        .kind = kind_of_ports(ranges, (int)i),
                                        .label = cell(ranges, (int)i, "message")};
    if (count > 0)
        chart_ports(out, drawn, count);
    free(drawn);
}

static void put_line(FILE *out, const char *name, const char *text)
{
    if (text[0] != '\0')
        html_print(out, "<dt>%s</dt><dd>%s</dd>", name, text);
}

static int put_card(const struct page *page, int row)
{
    const PGresult *sites = page->sites;
    const struct wording *wording = wording_of(cell(sites, row, "outcome"));
    const struct sql_parameters parameters = {.count = 1, .values = {cell(sites, row, "site_id")}};
    PGresult *ranges = NULL;
    int code = database_query(page->database, RANGES_SQL, &parameters, &ranges);
    if (code != 0)
        return code;
    html_print(page->out, "<section class=\"card %s\"><h3>%s</h3>", chart_word(wording->kind),
               cell(sites, row, "site"));
    badge(page->out, wording);
    if (is_true(sites, row, "flapping"))
        (void)fputs(" <span class=\"soft\">\u2013 comes and goes</span>", page->out);
    put_strip(page->out, ranges);
    (void)fputs("<dl>", page->out);
    put_line(page->out, "What is wrong", cell(sites, row, "cause"));
    put_line(page->out, "What to change", cell(sites, row, "cure"));
    put_failing_ranges(page->out, ranges);
    put_line(page->out, "Where", cell(sites, row, "hint"));
    put_line(page->out, "Since", cell(sites, row, "failing_since"));
    (void)fputs("</dl></section>\n", page->out);
    PQclear(ranges);
    return 0;
}

static int put_work(const struct page *page)
{
    int code = 0, cards = 0;
    (void)fputs("<h2>What to do</h2>\n", page->out);
    for (int row = 0; row < PQntuples(page->sites) && code == 0; row++) {
        if (wording_of(cell(page->sites, row, "outcome"))->kind == CHART_GOOD)
            continue;
        code = put_card(page, row);
        cards++;
    }
    if (cards == 0)
        (void)fputs("<p>Nothing: every site is ready for calls.</p>\n", page->out);
    else
        (void)fputs("<p class=\"soft\">The bar of a site is its ports: green as they should be, red not, grey not "
                    "judged.</p>\n",
                    page->out);
    return code;
}

static const char *what_words(const char *what)
{
    static const struct {
        const char *what, *words;
    } names[] = {{"outcome", "Result"},
                 {"nat_class", "Kind of address translation"},
                 {"public_address", "Public address"},
                 {"alg", "Router rewrites calls (ALG)"},
                 {"ports", "Ports that fail"}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i].what, what) == 0)
            return names[i].words;
    return what;
}

/* Words of the database as people read them; ports and addresses as they are. */
static void put_value(FILE *out, const char *what, const char *value)
{
    if (strcmp(what, "outcome") == 0) {
        badge(out, wording_of(value));
        return;
    }
    for (const char *c = value; *c; c++)
        html_print(out, "%s", (const char[]){*c == '_' ? ' ' : *c, '\0'});
}

static void put_change(FILE *out, const PGresult *changes, int row)
{
    const char *what = cell(changes, row, "what");
    html_print(out, "<tr><td>%s</td><td>%s</td><td>", cell(changes, row, "site"), what_words(what));
    put_value(out, what, cell(changes, row, "before"));
    (void)fputs("</td><td>", out);
    put_value(out, what, cell(changes, row, "after"));
    (void)fputs("</td></tr>\n", out);
}

static int put_changes(const struct page *page)
{
    const struct sql_parameters parameters = {.count = 2, .values = {page->customer, page->since}};
    PGresult *changes = NULL;
    int code = database_query(page->database, CHANGES_SQL, &parameters, &changes);
    if (code != 0)
        return code;
    char day[sizeof "2026-01-31"];
    (void)snprintf(day, sizeof day, "%.10s", page->since);
    html_print(page->out, "<h2>What changed since %s%s</h2>\n", page->since_is_report ? "the last report on " : "",
               day);
    if (PQntuples(changes) == 0)
        (void)fputs("<p>Nothing.</p>\n", page->out);
    else
        (void)fputs("<div class=\"scroll\"><table><thead><tr><th>Site</th><th>What</th><th>Before</th><th>Now</th></tr>"
                    "</thead><tbody>\n",
                    page->out);
    for (int row = 0; row < PQntuples(changes); row++)
        put_change(page->out, changes, row);
    if (PQntuples(changes) > 0)
        (void)fputs("</tbody></table></div>\n", page->out);
    PQclear(changes);
    return 0;
}

static void put_site(FILE *out, const PGresult *sites, int row)
{
    html_print(out, "<tr><td>%s</td><td>", cell(sites, row, "site"));
    badge(out, wording_of(cell(sites, row, "outcome")));
    if (is_true(sites, row, "flapping"))
        (void)fputs("<br><span class=\"soft\">comes and goes</span>", out);
    html_print(out,
               "</td><td class=\"number\">%s</td><td class=\"number\">%s</td><td>%s</td><td "
               "class=\"time\">%s%s</td><td>%s</td></tr>\n",
               cell(sites, row, "pass"), cell(sites, row, "fail"), cell(sites, row, "address"),
               cell(sites, row, "last_sweep"), is_out_of_date(sites, row) ? " (out of date)" : "",
               cell(sites, row, "agent"));
}

static void put_sites(const struct page *page)
{
    (void)fputs("<h2>All sites</h2>\n<div class=\"scroll\"><table><thead><tr><th>Site</th><th>Result</th>"
                "<th class=\"number\">Ports good</th><th class=\"number\">Ports bad</th><th>Public address</th>"
                "<th>Last test (UTC)</th><th>Agent</th></tr></thead><tbody>\n",
                page->out);
    for (int row = 0; row < PQntuples(page->sites); row++)
        put_site(page->out, page->sites, row);
    (void)fputs("</tbody></table></div>\n", page->out);
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

/* Since when: what the caller wants, the last report, or thirty days. All of a page is of one moment; that it was made
 * is noted with it, and counts once the page is out: the next one would otherwise leave out what nobody has read. */
static int begin(struct page *page, const char *since, PGresult **begun)
{
    const struct sql_parameters parameters = {.count = 2, .values = {page->customer, since}};
    int code = database_execute(page->database, "begin isolation level repeatable read", NULL);
    if (code == 0)
        code = database_query(page->database, BEGIN_SQL, &parameters, begun);
    if (code != 0)
        return code;
    if (PQntuples(*begun) == 0) {
        PQclear(*begun);
        return complain(EX_NOUSER, "there is no customer '%s' whom you may see", page->customer);
    }
    page->since_is_report = !PQgetisnull(*begun, 0, BEGIN_LAST);
    const char *from = !PQgetisnull(*begun, 0, BEGIN_WANTED) ? PQgetvalue(*begun, 0, BEGIN_WANTED)
                       : page->since_is_report               ? PQgetvalue(*begun, 0, BEGIN_LAST)
                                                             : PQgetvalue(*begun, 0, BEGIN_USUAL);
    (void)snprintf(page->since, sizeof page->since, "%s", from);
    return 0;
}

static int put_all(struct page *page, const PGresult *begun)
{
    const struct sql_parameters parameters = {.count = 1, .values = {page->customer}};
    int code = database_query(page->database, SITES_SQL, &parameters, &page->sites);
    if (code != 0)
        return code;
    count_sites(page);
    put_head(page, begun);
    put_summary(page);
    code = put_work(page);
    if (code == 0)
        code = put_changes(page);
    if (code == 0)
        code = put_days(page);
    if (code == 0) {
        put_sites(page);
        put_words(page->out);
    }
    PQclear(page->sites);
    return code;
}

int report_page(struct cli *cli, const char *customer, const char *since)
{
    char *text = NULL;
    size_t bytes = 0;
    PGresult *begun = NULL;
    int code = cli_connect(cli);
    struct page page = {.database = &cli->database, .customer = customer};
    if (code == 0)
        code = begin(&page, since, &begun);
    if (code != 0)
        return code;
    /* Half a page would look like a whole one: it is printed once it is there. */
    page.out = must_have(open_memstream(&text, &bytes));
    code = put_all(&page, begun);
    if (fclose(page.out) != 0 && code == 0)
        code = complain(EX_OSERR, "out of memory");
    if (code == 0 && (fwrite(text, 1, bytes, stdout) != bytes || fflush(stdout) != 0))
        code = complain(EX_IOERR, "cannot write the report to standard output");
    if (code == 0)
        code = database_execute(&cli->database, "commit", NULL);
    free(text);
    PQclear(begun);
    return code;
}
