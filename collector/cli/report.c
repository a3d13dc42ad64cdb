#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/report_page.h"
#include "cli/selector.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

/* clang-format off */
static const char REPORT_SQL[] =
    "select t.site, t.customer, t.nat_class, t.forwarding, t.outcome, t.pass_count as pass, t.fail_count as fail,"
    "  t.unjudged_count as unjudged, host(t.public_address) as public_address, t.last_sweep, t.agent_online as online,"
    "  coalesce(t.cause, t.message) as cause"
    " from natsweep.preview_sweep(" SELECTOR_SQL ") p"
    " join natsweep.site_status t on t.customer = p.customer and t.site = p.site"
    " order by t.customer, t.site";
/* clang-format on */

/* Half a page would look like a whole one: it is printed once it is there. */
static int print_page(const struct report_facts *facts)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = must_have(open_memstream(&text, &bytes));
    int code = 0;
    report_page(out, facts);
    if (fclose(out) != 0)
        code = complain(EX_OSERR, "out of memory");
    else if (fwrite(text, 1, bytes, stdout) != bytes || fflush(stdout) != 0)
        code = complain(EX_IOERR, "cannot write the report to standard output");
    free(text);
    return code;
}

/* The commit comes last: a report that nobody has read would otherwise be left out of the next one. */
static int make_page(struct cli *cli, const char *customer, const char *since)
{
    struct report_facts facts;
    int code = cli_connect(cli);
    if (code != 0)
        return code;
    code = report_facts_ask(&cli->database, customer, since, &facts);
    if (code == 0)
        code = print_page(&facts);
    if (code == 0)
        code = database_execute(&cli->database, "commit", NULL);
    report_facts_free(&facts);
    return code;
}

/* The page is for one customer, about all of that customer's sites. */
static int show_page(struct cli *cli, const struct selector *selector, const char *since)
{
    struct selector rest = *selector;
    rest.customers.count = 0;
    if (selector->customers.count != 1 || !selector_empty(&rest))
        return complain(EX_USAGE, "a page is for one customer: --customer NAME, and no other choice of sites");
    return make_page(cli, selector->customers.items[0], since);
}

int report_command(struct cli *cli, int argc, char *const *argv)
{
    const char *since = NULL;
    bool page = false;
    struct selector selector = {0};
    struct words operands = {0};
    struct flag flags[1 + SELECTOR_FLAG_COUNT] = {
        {"--since", FLAG_TEXT, &since, "TIME",
         "with --format html: tell what changed since then (default: the last report)"}};
    selector_flags(&selector, flags + 1);
    cli->page = &page;
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    if (page)
        return show_page(cli, &selector, since);
    if (since != NULL)
        return complain(EX_USAGE, "--since is for --format html; 'natsweep trend difference' shows what changed");
    if (selector_empty(&selector))
        selector.all = true;
    struct sql_parameters parameters;
    selector_parameters(&selector, &parameters);
    code = cli_show(cli, REPORT_SQL, &parameters, WRITER_TABLE);
    selector_free_parameters(&parameters);
    return code;
}
