#include "cli/commands.h"
#include "cli/complain.h"

#include <stdio.h>
#include <sysexits.h>

#define STATUS_COLUMNS                                                                                                 \
    "select request_id as request, asked_by, " SQL_TIME(                                                               \
        "asked_at") " as asked_at, ports, total as sites, no_agent, queued, sent,"                                     \
                    " accepted, running, done, failed, refused, expired, cancelled, lost, ports_done, ports_total,"    \
                    " " SQL_TIME("estimated_end") " as estimated_end from natsweep.request_progress"

static int check_request(struct cli *cli, const struct sql_parameters *parameters)
{
    PGresult *result = NULL;
    int code = cli_connect(cli);
    if (code == 0)
        code = database_query(&cli->database, "select from natsweep.request_progress where request_id = $1::bigint",
                              parameters, &result);
    if (code == 0 && PQntuples(result) == 0)
        code = complain(EX_NOUSER, "there is no request %s; 'natsweep status' shows the latest ones",
                        parameters->values[0]);
    PQclear(result);
    return code;
}

int status_command(struct cli *cli, int argc, char *const *argv)
{
    long last = 20;
    struct words operands = {0};
    const struct flag flags[] = {{"--last", FLAG_NUMBER, &last, "N", "so many of the latest requests (default 20)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 1);
    if (code != 0)
        return code;
    if (operands.count == 0) {
        char limit[24];
        (void)snprintf(limit, sizeof limit, "%ld", last);
        const struct sql_parameters parameters = {.count = 1, .values = {limit}};
        return cli_show(cli, STATUS_COLUMNS " order by request_id desc limit $1::bigint", &parameters, WRITER_TABLE);
    }
    const struct sql_parameters parameters = {.count = 1, .values = {operands.items[0]}};
    code = cli_check_number(operands.items[0], "a request");
    if (code == 0)
        code = check_request(cli, &parameters);
    if (code == 0)
        code = cli_show(cli, STATUS_COLUMNS " where request_id = $1::bigint", &parameters, WRITER_RECORD);
    return code;
}
