#include "cli/report_facts.h"

#include "cli/complain.h"
#include "cli/report_words.h"

#include <stdlib.h>
#include <sysexits.h>

/* clang-format off */
/* Since when: what the caller wants, the last report, or thirty days. */
static const char ABOUT_SQL[] =
    "select c.name, to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI') as made_at,"
    "  coalesce($2::timestamptz, l.at, now() - interval '30 days') as since, l.at is not null as since_is_report"
    " from natsweep.customer c"
    " cross join lateral (select case when $2::text is null then natsweep.note_report(c.name) end as at) l"
    " where c.name = $1";
static const char SITES_SQL[] = "select * from natsweep.report_sites($1)";
static const char PORTS_SQL[] =
    "select first, last, transport, role, as_expected, message from natsweep.port_span"
    " where site_id = $1::bigint order by transport, first";
static const char CHANGES_SQL[] =
    "select site, what, before, after from natsweep.fleet_difference($2::timestamptz)"
    " where customer = $1 order by what <> 'outcome', site, what";
static const char DAYS_SQL[] =
    "select d.day, d.supported, d.partial, d.unsupported, d.inconclusive + d.not_run as open"
    " from natsweep.customer_day d join natsweep.customer c using (customer_id)"
    " where c.name = $1 and d.day > (now() at time zone 'utc')::date - 91 order by d.day";
/* clang-format on */

static const char *text(const PGresult *rows, int row, const char *column)
{
    return PQgetvalue(rows, row, PQfnumber(rows, column));
}

static int number(const PGresult *rows, int row, const char *column)
{
    return (int)strtol(text(rows, row, column), NULL, 10);
}

static bool is_true(const PGresult *rows, int row, const char *column)
{
    return text(rows, row, column)[0] == 't';
}

static int ask_about(struct database *database, const char *customer, const char *since, struct report_facts *out)
{
    const struct sql_parameters parameters = {.count = 2, .values = {customer, since}};
    int code = database_query(database, ABOUT_SQL, &parameters, &out->about);
    if (code != 0)
        return code;
    if (PQntuples(out->about) == 0)
        return complain(EX_NOUSER, "there is no customer '%s' whom you may see", customer);
    out->customer = text(out->about, 0, "name");
    out->made_at = text(out->about, 0, "made_at");
    out->since = text(out->about, 0, "since");
    out->since_is_report = is_true(out->about, 0, "since_is_report");
    return 0;
}

static struct report_site site_of(const PGresult *rows, int row)
{
    return (struct report_site){.name = text(rows, row, "site"),
                                .outcome = text(rows, row, "outcome"),
                                .pass = text(rows, row, "pass"),
                                .fail = text(rows, row, "fail"),
                                .address = text(rows, row, "address"),
                                .last_sweep = text(rows, row, "last_sweep"),
                                .agent = text(rows, row, "agent"),
                                .cause = text(rows, row, "cause"),
                                .cure = text(rows, row, "cure"),
                                .hint = text(rows, row, "hint"),
                                .failing_since = text(rows, row, "failing_since"),
                                .stale = is_true(rows, row, "stale"),
                                .flapping = is_true(rows, row, "flapping")};
}

static struct report_ports ports_of(const PGresult *rows, int row)
{
    const char *expected = text(rows, row, "as_expected");
    return (struct report_ports){.first = text(rows, row, "first"),
                                 .last = text(rows, row, "last"),
                                 .transport = text(rows, row, "transport"),
                                 .role = text(rows, row, "role"),
                                 .message = text(rows, row, "message"),
                                 .kind = expected[0] == 't'   ? CHART_GOOD
                                         : expected[0] == 'f' ? CHART_BAD
                                                              : CHART_OPEN};
}

static int ask_ports(struct database *database, const char *site_id, struct report_site *site)
{
    const struct sql_parameters parameters = {.count = 1, .values = {site_id}};
    int code = database_query(database, PORTS_SQL, &parameters, &site->port_rows);
    if (code != 0)
        return code;
    site->port_count = (size_t)PQntuples(site->port_rows);
    site->ports = must_have(calloc(site->port_count + 1, sizeof *site->ports));
    for (size_t i = 0; i < site->port_count; i++)
        site->ports[i] = ports_of(site->port_rows, (int)i);
    return 0;
}

static int ask_sites(struct database *database, struct report_facts *out)
{
    const struct sql_parameters parameters = {.count = 1, .values = {out->customer}};
    int code = database_query(database, SITES_SQL, &parameters, &out->site_rows);
    if (code != 0)
        return code;
    out->site_count = (size_t)PQntuples(out->site_rows);
    out->sites = must_have(calloc(out->site_count + 1, sizeof *out->sites));
    for (size_t i = 0; i < out->site_count && code == 0; i++) {
        out->sites[i] = site_of(out->site_rows, (int)i);
        if (report_wording(out->sites[i].outcome)->kind != CHART_GOOD)
            code = ask_ports(database, text(out->site_rows, (int)i, "site_id"), &out->sites[i]);
    }
    return code;
}

static int ask_changes(struct database *database, struct report_facts *out)
{
    const struct sql_parameters parameters = {.count = 2, .values = {out->customer, out->since}};
    int code = database_query(database, CHANGES_SQL, &parameters, &out->change_rows);
    if (code != 0)
        return code;
    const PGresult *rows = out->change_rows;
    out->change_count = (size_t)PQntuples(rows);
    out->changes = must_have(calloc(out->change_count + 1, sizeof *out->changes));
    for (size_t i = 0; i < out->change_count; i++)
        out->changes[i] = (struct report_change){.site = text(rows, (int)i, "site"),
                                                 .what = text(rows, (int)i, "what"),
                                                 .before = text(rows, (int)i, "before"),
                                                 .after = text(rows, (int)i, "after")};
    return 0;
}

static int ask_days(struct database *database, struct report_facts *out)
{
    const struct sql_parameters parameters = {.count = 1, .values = {out->customer}};
    int code = database_query(database, DAYS_SQL, &parameters, &out->day_rows);
    if (code != 0)
        return code;
    const PGresult *rows = out->day_rows;
    out->day_count = (size_t)PQntuples(rows);
    out->days = must_have(calloc(out->day_count + 1, sizeof *out->days));
    for (size_t i = 0; i < out->day_count; i++)
        out->days[i] =
            (struct chart_day){.day = text(rows, (int)i, "day"),
                               .counts = {number(rows, (int)i, "supported"), number(rows, (int)i, "partial"),
                                          number(rows, (int)i, "unsupported"), number(rows, (int)i, "open")}};
    return 0;
}

int report_facts_ask(struct database *database, const char *customer, const char *since, struct report_facts *out)
{
    *out = (struct report_facts){0};
    int code = database_execute(database, "begin isolation level repeatable read", NULL);
    if (code == 0)
        code = ask_about(database, customer, since, out);
    if (code == 0)
        code = ask_sites(database, out);
    if (code == 0)
        code = ask_changes(database, out);
    if (code == 0)
        code = ask_days(database, out);
    return code;
}

void report_facts_free(struct report_facts *facts)
{
    for (size_t i = 0; i < facts->site_count; i++) {
        free(facts->sites[i].ports);
        PQclear(facts->sites[i].port_rows);
    }
    free(facts->sites);
    free(facts->changes);
    free(facts->days);
    PQclear(facts->about);
    PQclear(facts->site_rows);
    PQclear(facts->change_rows);
    PQclear(facts->day_rows);
}
