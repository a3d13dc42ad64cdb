#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/interrupt.h"
#include "cli/selector.h"
#include "cli/sweep_options.h"
#include "cli/sweep_wait.h"

#include <string.h>
#include <sysexits.h>

#define OWN_FLAG_COUNT 3
#define NOT_BEFORE_PLACE (SELECTOR_FLAG_COUNT + SWEEP_OPTION_COUNT) /* $23 */

struct sweep_call {
    struct selector selector;
    struct sweep_options options;
    const char *not_before;
    bool wait, dry_run;
};

/* clang-format off */
static const char REQUEST_SQL[] =
    "select natsweep.request_sweep(" SELECTOR_SQL ", " SWEEP_PORTS_SQL ","
    "  " SWEEP_OPTIONS_SQL " || jsonb_strip_nulls(jsonb_build_object('not_before', $23::text)))";

static const char ASKED_SQL[] =
    "select request_id as request, total as sites, no_agent from natsweep.request_progress where request_id = $1::bigint";

static const char PREVIEW_SQL[] =
    "select site, customer, has_agent, online from natsweep.preview_sweep(" SELECTOR_SQL ")";
/* clang-format on */

static int parse(struct cli *cli, int argc, char *const *argv, struct sweep_call *call)
{
    struct words operands = {0};
    struct flag flags[SELECTOR_FLAG_COUNT + SWEEP_OPTION_COUNT + OWN_FLAG_COUNT] = {0};
    const struct flag own[OWN_FLAG_COUNT] = {
        {"--not-before", FLAG_TEXT, &call->not_before, "T", "start at a time or after a delay, such as '2 hours'"},
        {"--wait", FLAG_SWITCH, &call->wait, NULL, "wait for the end, then print the summary; Ctrl-C cancels"},
        {"--dry-run", FLAG_SWITCH, &call->dry_run, NULL, "print the sites that would be swept and ask for nothing"},
    };
    selector_flags(&call->selector, flags);
    sweep_options_flags(&call->options, flags + SELECTOR_FLAG_COUNT);
    memcpy(flags + SELECTOR_FLAG_COUNT + SWEEP_OPTION_COUNT, own, sizeof own);
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    return code != 0 ? code : selector_check(&call->selector);
}

static int show_request(struct cli *cli, const char *request)
{
    const struct sql_parameters parameters = {.count = 1, .values = {request}};
    return cli_show(cli, ASKED_SQL, &parameters, WRITER_RECORD);
}

static int ask(struct cli *cli, struct sql_parameters *parameters, const struct sweep_call *call)
{
    PGresult *result = NULL;
    sweep_options_parameters(&call->options, parameters);
    parameters->values[NOT_BEFORE_PLACE] = call->not_before;
    parameters->count = NOT_BEFORE_PLACE + 1;
    if (call->wait)
        interrupt_prepare();
    int code = cli_connect(cli);
    if (code == 0)
        code = database_query(&cli->database, REQUEST_SQL, parameters, &result);
    if (code != 0)
        return code;
    const char *request = PQgetvalue(result, 0, 0);
    if (call->wait)
        (void)fprintf(stderr, "request %s\n", request);
    code = call->wait ? sweep_wait(cli, request) : show_request(cli, request);
    PQclear(result);
    return code;
}

int sweep_command(struct cli *cli, int argc, char *const *argv)
{
    struct sweep_call call = {0};
    int code = parse(cli, argc, argv, &call);
    if (code != 0)
        return code;
    struct sql_parameters parameters;
    selector_parameters(&call.selector, &parameters);
    if (call.dry_run)
        code = cli_show(cli, PREVIEW_SQL, &parameters, WRITER_TABLE);
    else
        code = ask(cli, &parameters, &call);
    selector_free_parameters(&parameters);
    return code;
}
