#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/selector.h"
#include "cli/sweep_wait.h"

#include <string.h>
#include <sysexits.h>

#define OPTION_COUNT 7

/* What the operator said, as the parameters after those of the selector. */
struct sweep_options {
    const char *ports, *pace, *mode, *family, *patience, *deadline, *expires;
    bool wait, dry_run;
};

/* clang-format off */
static const char REQUEST_SQL[] =
    "select natsweep.request_sweep(" SELECTOR_SQL ", coalesce($8, '@3cx'), jsonb_strip_nulls(jsonb_build_object("
    "  'pace', $9::text, 'mode', $10::text, 'family', $11::text, 'patience_s', $12::text, 'deadline_s', $13::text,"
    "  'expires_s', extract(epoch from $14::interval)::bigint)))";

static const char ASKED_SQL[] =
    "select request_id as request, total as sites, no_agent from natsweep.request_progress where request_id = $1::bigint";

static const char PREVIEW_SQL[] =
    "select site, customer, has_agent, online from natsweep.preview_sweep(" SELECTOR_SQL ")";
/* clang-format on */

static int parse(struct cli *cli, int argc, char *const *argv, struct selector *selector, struct sweep_options *options)
{
    struct words operands = {0};
    struct flag flags[SELECTOR_FLAG_COUNT + OPTION_COUNT + 2] = {0};
    const struct flag own[OPTION_COUNT + 2] = {
        {"--ports", FLAG_TEXT, &options->ports, "LIST", "such as 5060/udp,9000-10999/udp or a profile (default @3cx)"},
        {"--pace", FLAG_TEXT, &options->pace, "N", "packets a second of each agent (default 400, 0 = unpaced)"},
        {"--mode", FLAG_TEXT, &options->mode, "MODE", "auto (default), live or exclusive"},
        {"--family", FLAG_TEXT, &options->family, "4|6", "address family (default 4)"},
        {"--patience", FLAG_TEXT, &options->patience, "S",
         "seconds that a suspected block may lengthen a sweep (default 60)"},
        {"--deadline", FLAG_TEXT, &options->deadline, "S", "seconds after which a sweep gives up"},
        {"--expires", FLAG_TEXT, &options->expires, "T",
         "how long to wait for agents that are offline (default '1 hour')"},
        {"--wait", FLAG_SWITCH, &options->wait, NULL, "wait for the end, then print the summary; Ctrl-C cancels"},
        {"--dry-run", FLAG_SWITCH, &options->dry_run, NULL, "print the sites that would be swept and ask for nothing"},
    };
    selector_flags(selector, flags);
    memcpy(flags + SELECTOR_FLAG_COUNT, own, sizeof own);
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    return code != 0 ? code : selector_check(selector);
}

static void add_options(struct sql_parameters *parameters, const struct sweep_options *options)
{
    const char *const values[OPTION_COUNT] = {options->ports,    options->pace,     options->mode,   options->family,
                                              options->patience, options->deadline, options->expires};
    memcpy(parameters->values + parameters->count, values, sizeof values);
    parameters->count += OPTION_COUNT;
}

static int show_request(struct cli *cli, const char *request)
{
    const struct sql_parameters parameters = {.count = 1, .values = {request}};
    return cli_show(cli, ASKED_SQL, &parameters, WRITER_RECORD);
}

static int ask(struct cli *cli, struct sql_parameters *parameters, const struct sweep_options *options)
{
    PGresult *result = NULL;
    add_options(parameters, options);
    if (options->wait)
        sweep_wait_prepare();
    int code = cli_connect(cli);
    if (code == 0)
        code = database_query(&cli->database, REQUEST_SQL, parameters, &result);
    if (code != 0)
        return code;
    const char *request = PQgetvalue(result, 0, 0);
    if (options->wait)
        (void)fprintf(stderr, "request %s\n", request);
    code = options->wait ? sweep_wait(cli, request) : show_request(cli, request);
    PQclear(result);
    return code;
}

int sweep_command(struct cli *cli, int argc, char *const *argv)
{
    struct selector selector = {0};
    struct sweep_options options = {0};
    int code = parse(cli, argc, argv, &selector, &options);
    if (code != 0)
        return code;
    struct sql_parameters parameters;
    selector_parameters(&selector, &parameters);
    if (options.dry_run)
        code = cli_show(cli, PREVIEW_SQL, &parameters, WRITER_TABLE);
    else
        code = ask(cli, &parameters, &options);
    selector_free_parameters(&parameters);
    return code;
}
