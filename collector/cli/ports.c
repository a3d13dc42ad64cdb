#include "cli/commands.h"
#include "cli/site_name.h"

/* Neighbours with the same verdict and cause become one range: port less rank is the same all along it. */
/* clang-format off */
static const char RANGES_SQL[] =
    "with judged as ("
    "  select transport, port, role, expect, as_expected, verdict, reason, message, at, port - row_number() over"
    "    (partition by transport, role, expect, as_expected, verdict, reason, message, at order by port) as run"
    "  from natsweep.port_current"
    "  where site_id = $1::bigint and (not $2::boolean or as_expected is not true))"
    " select min(port) || case when min(port) < max(port) then '-' || max(port) else '' end || '/' || transport as ports,"
    "  count(*) as count, role, expect, as_expected, verdict, reason, message as cause, at"
    " from judged"
    " group by transport, role, expect, as_expected, verdict, reason, message, at, run"
    " order by transport desc, min(port)";
/* clang-format on */

int ports_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL;
    bool failing = false;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--customer", FLAG_TEXT, &customer, "NAME", "whose site it is, when several have one of that name"},
        {"--failing", FLAG_SWITCH, &failing, NULL, "only ports that are not as expected"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    struct site_name site;
    if (code == 0)
        code = cli_connect(cli);
    if (code == 0)
        code = site_name_find(&cli->database, operands.items[0], customer, &site);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 2, .values = {site.id, failing ? "true" : "false"}};
    code = cli_show(cli, RANGES_SQL, &parameters, WRITER_TABLE);
    site_name_free(&site);
    return code;
}
