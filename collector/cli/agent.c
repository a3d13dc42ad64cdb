#include "cli/commands.h"
#include "cli/complain.h"

#include <sysexits.h>

/* clang-format off */
#define AGENTS_SQL_UNORDERED                                                                                           \
    "select agent_id as agent, site, customer, state, online, hostname, version, last_seen, clock_offset_ms, spool_depth,"\
    "  spool_lost, address, live, cloned"                                                                              \
    " from natsweep.agent_status"                                                                                      \
    " where ($1::text is null or customer = $1) and ($2::text is null or state = $2)"
#define AGENTS_ORDER " order by customer, site, agent_id"
static const char AGENTS_SQL[] = AGENTS_SQL_UNORDERED AGENTS_ORDER;
/* As collector_status counts them, which a viewer may not see. */
static const char AGENTS_BEHIND_SQL[] =
    AGENTS_SQL_UNORDERED
    " and state = 'active' and coalesce(last_seen, '-infinity') <"
    "  (select max(next_key_at) + interval '15 s' from natsweep.collector_status)"
    AGENTS_ORDER;

/* The functions return nothing, so a row is made around them. */
static const char APPROVE_SQL[] =
    "select $1::bigint as agent, 'active' as state from (select natsweep.approve_agent($1::bigint)) as approved";
static const char REVOKE_SQL[] =
    "select $1::bigint as agent, 'revoked' as state from (select natsweep.revoke_agent($1::bigint)) as revoked";
static const char CHANGE_KEY_SQL[] =
    "select $1::bigint as agent, true as new_key_wanted from (select natsweep.change_agent_key($1::bigint)) as asked";
static const char MOVE_SQL[] =
    "select $1::bigint as agent, $2::text as customer, $3::text as site"
    " from (select natsweep.move_agent($1::bigint, $2::text, $3::text)) as moved";
static const char CUSTOMER_SQL[] =
    "select customer from natsweep.agent_status where agent_id = $1::bigint";

static const char EVENTS_SQL[] =
    "select e.at, c.name as customer, s.name as site, e.agent_id as agent, e.what, e.who, e.detail"
    " from natsweep.agent_event e"
    " join natsweep.site s on s.site_id = e.site_id"
    " join natsweep.customer c on c.customer_id = s.customer_id"
    " where ($1::text is null or c.name = $1) and ($2::text is null or e.what = $2)"
    " order by e.at desc, e.event_id desc limit 1000";

static const char VERSIONS_SQL[] =
    "select version, agents, online, last_seen from natsweep.agent_version order by version nulls last";
/* clang-format on */

int agent_list_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL, *state = NULL;
    bool behind = false;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--customer", FLAG_TEXT, &customer, "NAME", "only this customer's"},
        {"--state", FLAG_TEXT, &state, "STATE", "only pending, active or revoked ones"},
        {"--behind", FLAG_SWITCH, &behind, NULL, "only those that have not heard of a collector's next key"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 2, .values = {customer, state}};
    return cli_show(cli, behind ? AGENTS_BEHIND_SQL : AGENTS_SQL, &parameters, WRITER_TABLE);
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

int agent_change_key_command(struct cli *cli, int argc, char *const *argv)
{
    return decide(cli, argc, argv, CHANGE_KEY_SQL);
}

/* The customer that the agent is at already. */
static int find_customer(struct cli *cli, const char *agent, PGresult **result)
{
    const struct sql_parameters parameters = {.count = 1, .values = {agent}};
    int code = database_query(&cli->database, CUSTOMER_SQL, &parameters, result);
    if (code == 0 && PQntuples(*result) == 0) {
        PQclear(*result);
        return complain(EX_DATAERR, "there is no agent %s; 'natsweep agent list' shows them", agent);
    }
    return code;
}

int agent_move_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL, *site = NULL;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--site", FLAG_TEXT, &site, "NAME", "where it works from now on (needed)"},
        {"--customer", FLAG_TEXT, &customer, "NAME", "whose site that is, when it is not the present customer's"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code == 0)
        code = cli_check_number(operands.items[0], "an agent; 'natsweep agent list' shows them");
    if (code == 0 && site == NULL)
        code = complain(EX_USAGE, "say where it goes: --site NAME");
    if (code == 0)
        code = cli_connect(cli);
    PGresult *present = NULL;
    if (code == 0 && customer == NULL)
        code = find_customer(cli, operands.items[0], &present);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {
        .count = 3, .values = {operands.items[0], customer ? customer : PQgetvalue(present, 0, 0), site}};
    code = cli_show(cli, MOVE_SQL, &parameters, WRITER_RECORD);
    PQclear(present);
    return code;
}

int agent_events_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL, *what = NULL;
    struct words operands = {0};
    const struct flag flags[] = {{"--customer", FLAG_TEXT, &customer, "NAME", "only this customer's"},
                                 {"--what", FLAG_TEXT, &what, "WORD",
                                  "only these: enrolled, approved, revoked, replaced, moved, key_changed or cloned"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 2, .values = {customer, what}};
    return cli_show(cli, EVENTS_SQL, &parameters, WRITER_TABLE);
}

int agent_versions_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 0, 0);
    return code != 0 ? code : cli_show(cli, VERSIONS_SQL, NULL, WRITER_TABLE);
}
