#include "cli/commands.h"

#include <string.h>

/* clang-format off */
static const char STORAGE_SQL[] =
    "select \"table\", row_count as rows, bytes, bytes_a_row, months, keep::text as kept"
    " from natsweep.storage order by bytes desc, \"table\"";
static const char KEEP_SQL[] =
    "select $1::text as \"table\", t.keep::text as kept from natsweep.time_span('TIME', $2) as t (keep),"
    "  lateral (select natsweep.set_retention($1, t.keep)) as changed";
/* clang-format on */

int storage_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 0, 0);
    return code != 0 ? code : cli_show(cli, STORAGE_SQL, NULL, WRITER_TABLE);
}

int keep_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 2, 2);
    if (code != 0)
        return code;
    const char *keep = strcmp(operands.items[1], "forever") == 0 ? NULL : operands.items[1];
    const struct sql_parameters parameters = {.count = 2, .values = {operands.items[0], keep}};
    return cli_show(cli, KEEP_SQL, &parameters, WRITER_RECORD);
}
