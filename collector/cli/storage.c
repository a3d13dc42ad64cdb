#include "cli/commands.h"

/* clang-format off */
static const char STORAGE_SQL[] =
    "select \"table\", row_count as rows, bytes, bytes_a_row, months, keep::text as kept"
    " from natsweep.storage order by bytes desc, \"table\"";
/* clang-format on */

int storage_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 0, 0);
    return code != 0 ? code : cli_show(cli, STORAGE_SQL, NULL, WRITER_TABLE);
}
