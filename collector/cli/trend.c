#include "cli/commands.h"
#include "cli/complain.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define WORDS_BYTES 128

/* What can be shown: $1 is how many days back, $2 how many rows, $3 a key of tags. */
struct trend {
    const char *word;
    const char *sql;
};

/* clang-format off */
static const struct trend trends[] = {
    {"fleet",
     "select day, sites, supported, partial, unsupported, inconclusive, not_run, round(100 * pass_rate, 1) as pass_percent"
     " from natsweep.fleet_daily where day > (now() at time zone 'utc')::date - $1::integer order by day limit $2::bigint"},
    {"classes",
     "select day, sites, open_internet, full_cone, restricted_cone, port_restricted_cone, \"symmetric\", symmetric_firewall,"
     "  udp_blocked, unknown"
     " from natsweep.fleet_daily where day > (now() at time zone 'utc')::date - $1::integer order by day limit $2::bigint"},
    {"sites",
     "select site, customer, bad_days, round(100 * pass_rate, 1) as pass_percent, failing_since, cause, cure"
     " from natsweep.worst_site where $1::integer is not null order by fail_count desc, bad_days desc, site_id limit $2::bigint"},
    {"ports",
     "select first_port, last_port, transport, max(sites_failing) as sites_failing, round(100 * avg(fail_rate), 1) as fail_percent,"
     "  count(*) as days"
     " from natsweep.failing_ports where day > (now() at time zone 'utc')::date - $1::integer"
     " group by first_port, last_port, transport order by sites_failing desc, days desc, first_port limit $2::bigint"},
    {"changes",
     "select at, site, customer, what, before, after"
     " from natsweep.site_change where at > now() - $1::integer * interval '1 day' order by at desc, site_id, what limit $2::bigint"},
    {"difference",
     "select site, customer, what, before, after, changes"
     " from natsweep.fleet_difference(now() - $1::integer * interval '1 day') limit $2::bigint"},
    {"outages",
     "select site, customer, started_at, mended_at, round(extract(epoch from took) / 3600, 1) as hours, outcome"
     " from natsweep.site_outage where started_at > now() - $1::integer * interval '1 day' order by started_at desc, site_id"
     " limit $2::bigint"},
    {"repairs",
     "select month, outages, mended, round(extract(epoch from median) / 3600, 1) as median_hours,"
     "  round(extract(epoch from slowest_tenth) / 3600, 1) as slowest_tenth_hours"
     " from natsweep.repair_time where month > (now() at time zone 'utc')::date - $1::integer - 31 order by month limit $2::bigint"},
    {"causes",
     "select count(*) as sites, cause, cure from natsweep.site_status where cause is not null and $1::integer is not null"
     " group by cause, cure order by sites desc, cause limit $2::bigint"},
    {"tags",
     "select t.tag, count(*) as sites, count(*) filter (where s.outcome <> 'supported') as failing,"
     "  round(100.0 * sum(s.pass_count) / nullif(sum(s.pass_count + s.fail_count), 0), 1) as pass_percent,"
     "  mode() within group (order by s.cause) as usual_cause"
     " from natsweep.site_status s cross join unnest(s.tags) as t (tag)"
     " where $1::integer is not null and ($3::text is null or starts_with(t.tag, $3 || '='))"
     " group by t.tag order by failing desc, t.tag limit $2::bigint"},
    {"servers",
     "select server_name as server, first_seen, last_seen, sites from natsweep.vantage_event"
     " where last_seen > now() - $1::integer * interval '1 day' order by first_seen desc limit $2::bigint"},
};
/* clang-format on */

static const struct trend *find(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(trends); i++)
        if (strcmp(trends[i].word, word) == 0)
            return &trends[i];
    return NULL;
}

static int unknown_trend(const char *word)
{
    char words[WORDS_BYTES];
    size_t len = 0;
    for (size_t i = 0; i < ARRAY_LEN(trends); i++)
        len += (size_t)snprintf(words + len, sizeof words - len, "%s%s", i > 0 ? ", " : "", trends[i].word);
    return complain(EX_USAGE, "there is no trend of '%s'; there is %s", word, words);
}

int trend_command(struct cli *cli, int argc, char *const *argv)
{
    long days = 30, limit = 1000;
    const char *key = NULL;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--days", FLAG_NUMBER, &days, "N", "so many days back (default 30; sites always 30, causes and tags now)"},
        {"--by", FLAG_TEXT, &key, "KEY", "of tags: only those of this key, such as isp, router or pbx"},
        {"--limit", FLAG_NUMBER, &limit, "N", "at most so many lines (default 1000)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 1);
    if (code != 0)
        return code;
    if (key != NULL && (operands.count == 0 || strcmp(operands.items[0], "tags") != 0))
        return complain(EX_USAGE, "--by chooses among tags: natsweep trend tags --by %s", key);
    const char *word = operands.count > 0 ? operands.items[0] : "fleet";
    const struct trend *trend = find(word);
    if (trend == NULL)
        return unknown_trend(word);
    char days_text[24], limit_text[24];
    (void)snprintf(days_text, sizeof days_text, "%ld", days);
    (void)snprintf(limit_text, sizeof limit_text, "%ld", limit);
    size_t count = strstr(trend->sql, "$3") != NULL ? 3 : 2; /* PostgreSQL refuses one that is not used */
    const struct sql_parameters parameters = {.count = count, .values = {days_text, limit_text, key}};
    return cli_show(cli, trend->sql, &parameters, WRITER_TABLE);
}
