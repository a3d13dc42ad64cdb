#include "cli/commands.h"

static int call(struct cli *cli, int argc, char *const *argv, const char *sql)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 1, 1);
    if (code == 0)
        code = cli_check_number(operands.items[0], "a request; 'natsweep status' shows them");
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 1, .values = {operands.items[0]}};
    return cli_show(cli, sql, &parameters, WRITER_RECORD);
}

/* clang-format off */
#define SHOWN(function)                                                                                                \
    "with done as materialized (select natsweep." function "($1::bigint))"                                             \
    " select $1::bigint as request, r.queued, r.sent + r.accepted + r.running as at_agents"                            \
    " from done left join natsweep.request_progress r on r.request_id = $1::bigint"
/* clang-format on */

int pause_command(struct cli *cli, int argc, char *const *argv)
{
    return call(cli, argc, argv, SHOWN("pause_request"));
}

int resume_command(struct cli *cli, int argc, char *const *argv)
{
    return call(cli, argc, argv, SHOWN("resume_request"));
}
