#include "cli/commands.h"
#include "cli/selector.h"

/* clang-format off */
static const char REPORT_SQL[] =
    "select t.site, t.customer, t.nat_class, t.forwarding, t.outcome, t.pass_count as pass, t.fail_count as fail,"
    "  t.unjudged_count as unjudged, host(t.public_address) as public_address, t.last_sweep, t.agent_online as online,"
    "  coalesce(t.cause, t.message) as cause"
    " from natsweep.preview_sweep(" SELECTOR_SQL ") p"
    " join natsweep.site_status t on t.customer = p.customer and t.site = p.site"
    " order by t.customer, t.site";
/* clang-format on */

int report_command(struct cli *cli, int argc, char *const *argv)
{
    struct selector selector = {0};
    struct words operands = {0};
    struct flag flags[SELECTOR_FLAG_COUNT];
    selector_flags(&selector, flags);
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    if (selector_empty(&selector))
        selector.all = true;
    struct sql_parameters parameters;
    selector_parameters(&selector, &parameters);
    code = cli_show(cli, REPORT_SQL, &parameters, WRITER_TABLE);
    selector_free_parameters(&parameters);
    return code;
}
