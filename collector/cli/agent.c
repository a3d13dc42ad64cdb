#include "cli/commands.h"

/* clang-format off */
static const char AGENTS_SQL[] =
    "select agent_id as agent, site, customer, state, online, hostname, version, last_seen, clock_offset_ms, spool_depth,"
    "  spool_lost, address, live, cloned"
    " from natsweep.agent_status"
    " where ($1::text is null or customer = $1) and ($2::text is null or state = $2)"
    " order by customer, site, agent_id";

/* The functions return nothing, so a row is made around them. */
static const char APPROVE_SQL[] =
    "select $1::bigint as agent, 'active' as state from (select natsweep.approve_agent($1::bigint)) as approved";
static const char REVOKE_SQL[] =
    "select $1::bigint as agent, 'revoked' as state from (select natsweep.revoke_agent($1::bigint)) as revoked";
/* clang-format on */

int agent_list_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL, *state = NULL;
    struct words operands = {0};
    const struct flag flags[] = {{"--customer", FLAG_TEXT, &customer, "NAME", "only this customer's"},
                                 {"--state", FLAG_TEXT, &state, "STATE", "only pending, active or revoked ones"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 2, .values = {customer, state}};
    return cli_show(cli, AGENTS_SQL, &parameters, WRITER_TABLE);
}

/* Runs a statement about one agent's number. */
static int decide(struct cli *cli, int argc, char *const *argv, const char *sql)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 1, 1);
    if (code == 0)
        code = cli_check_number(operands.items[0], "an agent; 'natsweep agent list' shows them");
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 1, .values = {operands.items[0]}};
    return cli_show(cli, sql, &parameters, WRITER_RECORD);
}

int agent_approve_command(struct cli *cli, int argc, char *const *argv)
{
    return decide(cli, argc, argv, APPROVE_SQL);
}

int agent_revoke_command(struct cli *cli, int argc, char *const *argv)
{
    return decide(cli, argc, argv, REVOKE_SQL);
}
