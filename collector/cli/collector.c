#include "cli/commands.h"

static const char SQL[] =
    "select collector, alive, version, agents, array_to_string(endpoints, ' ') as endpoints, next_key_at, agents_behind"
    " from natsweep.collector_status order by collector";

int collector_list_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 0, 0);
    return code != 0 ? code : cli_show(cli, SQL, NULL, WRITER_TABLE);
}
