#include "cli/commands.h"
#include "cli/complain.h"

#include <stdio.h>
#include <sysexits.h>

/* clang-format off */
#define REQUESTS                                                                                                       \
    "select request_id as request, asked_by, asked_at, ports, total as sites, no_agent, queued, sent, accepted,"       \
    "  running, done, failed, refused, expired, cancelled, lost, retried, ports_done, ports_total, estimated_end, paused_by, paused_why"               \
    " from natsweep.request_progress "
static const char LATEST_SQL[] = REQUESTS "order by request_id desc limit $1::bigint";
static const char REQUEST_SQL[] = REQUESTS "where request_id = $1::bigint";

static const char SITES_SQL[] =
    "select t.name as site, c.name as customer, s.state, s.state_at, (natsweep.outcome_words())[s.outcome] as outcome,"
    "  s.ports_done, s.ports_total, s.message as cause"
    " from natsweep.sweep s"
    " join natsweep.site t on t.site_id = s.site_id"
    " join natsweep.customer c on c.customer_id = t.customer_id"
    " where s.request_id = $1::bigint and not s.retried"
    " order by c.name, t.name";
/* clang-format on */

static int check_request(struct cli *cli, const struct sql_parameters *request)
{
    PGresult *result = NULL;
    int code = cli_check_number(request->values[0], "a request; 'natsweep status' shows them");
    if (code == 0)
        code = cli_connect(cli);
    if (code == 0)
        code = database_query(&cli->database, REQUEST_SQL, request, &result);
    if (code == 0 && PQntuples(result) == 0)
        code =
            complain(EX_NOUSER, "there is no request %s; 'natsweep status' shows the latest ones", request->values[0]);
    PQclear(result);
    return code;
}

int status_command(struct cli *cli, int argc, char *const *argv)
{
    long last = 20;
    bool sites = false;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--last", FLAG_NUMBER, &last, "N", "so many of the latest requests (default 20)"},
        {"--sites", FLAG_SWITCH, &sites, NULL, "of one request: how far each site is, and why"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 1);
    if (code != 0)
        return code;
    if (operands.count == 0 && sites)
        return complain(EX_USAGE, "say of which request: natsweep status REQUEST --sites");
    if (operands.count == 0) {
        char limit[24];
        (void)snprintf(limit, sizeof limit, "%ld", last);
        const struct sql_parameters parameters = {.count = 1, .values = {limit}};
        return cli_show(cli, LATEST_SQL, &parameters, WRITER_TABLE);
    }
    const struct sql_parameters request = {.count = 1, .values = {operands.items[0]}};
    code = check_request(cli, &request);
    if (code == 0)
        code = cli_show(cli, sites ? SITES_SQL : REQUEST_SQL, &request, sites ? WRITER_TABLE : WRITER_RECORD);
    return code;
}
