#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/selector.h"
#include "cli/sweep_options.h"

#include <string.h>
#include <sysexits.h>

#define NAME_PLACE (SELECTOR_FLAG_COUNT + SWEEP_OPTION_COUNT) /* $23 and $24 follow the shared parameters */
#define OWN_FLAG_COUNT 1

/* clang-format off */
static const char ADD_SQL[] =
    "select natsweep.add_schedule($23::text, $24::text, " SELECTOR_SQL ", " SWEEP_PORTS_SQL ", " SWEEP_OPTIONS_SQL ","
    "  coalesce(" SWEEP_TIME_ZONE_SQL ", 'UTC')) as schedule, $23::text as name, natsweep.cron_next($24::text,"
    "  coalesce(" SWEEP_TIME_ZONE_SQL ", 'UTC'), now()) as next_run";

static const char LIST_SQL[] =
    "select schedule_id as schedule, name, asked_by, cron, time_zone, selector, ports, paused_at is not null as paused,"
    "  case when paused_at is null then next_run end as next_run, last_run, last_request, last_error"
    " from natsweep.schedule order by schedule_id";

static const char NUMBER_SQL[] = "select $1::bigint";
static const char NAME_SQL[] = "select schedule_id from natsweep.schedule where name = $1";

#define SHOWN(call)                                                                                                    \
    "with named as materialized (select schedule_id, name from natsweep.schedule where schedule_id = $1::bigint),"     \
    " done as materialized (select natsweep." call ")"                                                                 \
    " select $1::bigint as schedule, n.name from done left join named n on true"
/* clang-format on */

int schedule_add_command(struct cli *cli, int argc, char *const *argv)
{
    const char *cron = NULL;
    struct selector selector = {0};
    struct sweep_options options = {0};
    struct words operands = {0};
    struct flag flags[OWN_FLAG_COUNT + SELECTOR_FLAG_COUNT + SWEEP_OPTION_COUNT] = {
        {"--cron", FLAG_TEXT, &cron, "EXPRESSION",
         "minute, hour, day, month, weekday, such as '30 2 * * 1-5' (needed)"}};
    selector_flags(&selector, flags + OWN_FLAG_COUNT);
    sweep_options_flags(&options, flags + OWN_FLAG_COUNT + SELECTOR_FLAG_COUNT);
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code == 0 && cron == NULL)
        code = complain(EX_USAGE, "say when: --cron 'MINUTE HOUR DAY MONTH WEEKDAY'");
    if (code == 0)
        code = selector_check(&selector);
    if (code != 0)
        return code;
    struct sql_parameters parameters;
    selector_parameters(&selector, &parameters);
    sweep_options_parameters(&options, &parameters);
    parameters.values[NAME_PLACE] = operands.items[0];
    parameters.values[NAME_PLACE + 1] = cron;
    parameters.count = NAME_PLACE + 2;
    code = cli_show(cli, ADD_SQL, &parameters, WRITER_RECORD);
    selector_free_parameters(&parameters);
    return code;
}

int schedule_list_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 0, 0);
    return code != 0 ? code : cli_show(cli, LIST_SQL, NULL, WRITER_TABLE);
}

static bool is_number(const char *word)
{
    return word[strspn(word, "0123456789")] == '\0';
}

/* A schedule goes by its number or, when only one person gave that name, by its name. */
static int find(struct cli *cli, const char *word, PGresult **found)
{
    const struct sql_parameters parameters = {.count = 1, .values = {word}};
    int code = is_number(word) ? cli_check_number(word, "a schedule") : 0;
    if (code == 0)
        code = cli_connect(cli);
    if (code == 0)
        code = database_query(&cli->database, is_number(word) ? NUMBER_SQL : NAME_SQL, &parameters, found);
    if (code == 0 && PQntuples(*found) == 0)
        code = complain(EX_NOUSER, "there is no schedule '%s'; 'natsweep schedule list' shows those there are", word);
    else if (code == 0 && PQntuples(*found) > 1)
        code = complain(EX_USAGE, "several schedules have the name '%s'; 'natsweep schedule list' shows their numbers",
                        word);
    return code;
}

static int call(struct cli *cli, int argc, char *const *argv, const char *sql)
{
    PGresult *found = NULL;
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 1, 1);
    if (code == 0)
        code = find(cli, operands.items[0], &found);
    if (code == 0) {
        const struct sql_parameters parameters = {.count = 1, .values = {PQgetvalue(found, 0, 0)}};
        code = cli_show(cli, sql, &parameters, WRITER_RECORD);
    }
    PQclear(found);
    return code;
}

int schedule_pause_command(struct cli *cli, int argc, char *const *argv)
{
    return call(cli, argc, argv, SHOWN("pause_schedule($1::bigint)"));
}

int schedule_resume_command(struct cli *cli, int argc, char *const *argv)
{
    return call(cli, argc, argv, SHOWN("pause_schedule($1::bigint, false)"));
}

int schedule_drop_command(struct cli *cli, int argc, char *const *argv)
{
    return call(cli, argc, argv, SHOWN("drop_schedule($1::bigint)"));
}
