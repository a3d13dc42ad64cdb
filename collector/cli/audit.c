#include "cli/commands.h"

#include <stdio.h>

/* clang-format off */
static const char AUDIT_SQL[] =
    "select at, who, what, array_to_string(customers, ', ') as customers, detail from ("
    "  select * from natsweep.audit_log"
    "  where ($1::text is null or who = $1) and ($2::text is null or what = $2)"
    "    and ($3::text is null or $3 = any (customers)) and at > now() - $4::integer * interval '1 day'"
    "  order by audit_id desc limit $5::bigint) as latest"
    " order by audit_id";
/* clang-format on */

int audit_command(struct cli *cli, int argc, char *const *argv)
{
    const char *who = NULL, *what = NULL, *customer = NULL;
    long days = 30, last = 100;
    struct words operands = {0};
    const struct flag flags[] = {{"--who", FLAG_TEXT, &who, "ROLE", "only what this login role did"},
                                 {"--what", FLAG_TEXT, &what, "WORD", "only this, such as cancel_request"},
                                 {"--customer", FLAG_TEXT, &customer, "NAME", "only what is about this customer"},
                                 {"--days", FLAG_NUMBER, &days, "N", "so many days back (default 30)"},
                                 {"--last", FLAG_NUMBER, &last, "N", "so many of the latest entries (default 100)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    char days_text[24], last_text[24];
    (void)snprintf(days_text, sizeof days_text, "%ld", days);
    (void)snprintf(last_text, sizeof last_text, "%ld", last);
    const struct sql_parameters parameters = {.count = 5, .values = {who, what, customer, days_text, last_text}};
    return cli_show(cli, AUDIT_SQL, &parameters, WRITER_TABLE);
}
