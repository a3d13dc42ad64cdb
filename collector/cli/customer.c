#include "cli/commands.h"

/* clang-format off */
static const char CUSTOMERS_SQL[] =
    "select c.name as customer, count(s.site_id) as sites, c.created_at"
    " from natsweep.customer c"
    " left join natsweep.site s on s.customer_id = c.customer_id"
    " group by c.customer_id order by c.name";
/* clang-format on */

int customer_add_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 1, 1);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 1, .values = {operands.items[0]}};
    return cli_show(cli, "select natsweep.create_customer($1) as customer_id, $1::text as customer", &parameters,
                    WRITER_RECORD);
}

int customer_list_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    return cli_show(cli, CUSTOMERS_SQL, NULL, WRITER_TABLE);
}
