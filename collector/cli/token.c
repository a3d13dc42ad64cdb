#include "cli/commands.h"

/* clang-format off */
static const char TOKENS_SQL[] =
    "select token_id as token, customer, site, state, uses_left, agents, needs_approval, expires_at, created_by, created_at"
    " from natsweep.tokens()"
    " where ($1::text is null or customer = $1) and ($2::boolean or state = 'open')";
static const char REVOKE_SQL[] =
    "select $1::bigint as token, 'revoked' as state from (select natsweep.revoke_token($1::bigint)) as revoked";
/* clang-format on */

int token_list_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL;
    bool all = false;
    struct words operands = {0};
    const struct flag flags[] = {{"--customer", FLAG_TEXT, &customer, "NAME", "only this customer's"},
                                 {"--all", FLAG_SWITCH, &all, NULL, "those that are used up or expired, too"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 2, .values = {customer, all ? "true" : "false"}};
    return cli_show(cli, TOKENS_SQL, &parameters, WRITER_TABLE);
}

int token_revoke_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 1, 1);
    if (code == 0)
        code = cli_check_number(operands.items[0], "a token; 'natsweep token list' shows them");
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 1, .values = {operands.items[0]}};
    return cli_show(cli, REVOKE_SQL, &parameters, WRITER_RECORD);
}
