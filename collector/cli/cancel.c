#include "cli/commands.h"

int cancel_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 1, 1);
    if (code == 0)
        code = cli_check_number(operands.items[0], "a request; 'natsweep status' shows them");
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 1, .values = {operands.items[0]}};
    return cli_show(cli, "select $1::bigint as request, natsweep.cancel_request($1::bigint) as cancelled", &parameters,
                    WRITER_RECORD);
}
