#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/interrupt.h"

#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#define CLEAR_SCREEN "\033[H\033[2J"
#define RECONNECTS_MAX 60
#define RECONNECT_MS 1000

/* clang-format off */
static const char FLEET_SQL[] =
    "select count(*) as sites, count(*) filter (where agent_online) as online,"
    "  count(*) filter (where outcome = 'supported') as supported, count(*) filter (where outcome <> 'supported') as failing,"
    "  count(*) filter (where flapping) as flapping, count(*) filter (where stale) as stale"
    " from natsweep.site_status";

static const char REQUESTS_SQL[] =
    "select request_id as request, asked_by, total as sites, queued, sent + accepted + running as at_agents,"
    "  total - queued - sent - accepted - running as ended, ports_done, ports_total, estimated_end,"
    "  paused_at is not null as paused"
    " from natsweep.request_progress where not finished and expires_at > now() - interval '2 days'"
    " order by request_id desc limit 10";

static const char CHANGES_SQL[] =
    "select at, site, customer, what, before, after from natsweep.site_change"
    " where at > now() - interval '1 day' order by at desc, site_id, what limit 10";
/* clang-format on */

static int show(struct cli *cli, bool clear)
{
    if (clear)
        (void)fputs(CLEAR_SCREEN, stdout);
    int code = cli_show(cli, FLEET_SQL, NULL, WRITER_RECORD);
    if (code == 0 && cli->format == WRITER_TEXT)
        (void)fputs("\nrequests under way\n", stdout);
    if (code == 0)
        code = cli_show(cli, REQUESTS_SQL, NULL, WRITER_TABLE);
    if (code == 0 && cli->format == WRITER_TEXT)
        (void)fputs("\nchanges of the last day\n", stdout);
    return code != 0 ? code : cli_show(cli, CHANGES_SQL, NULL, WRITER_TABLE);
}

/* True when the database is back, false when it stays away or somebody had enough. */
static bool reconnect(struct cli *cli)
{
    for (int attempt = 0; attempt < RECONNECTS_MAX; attempt++) {
        if (interrupted_within(RECONNECT_MS))
            return false;
        if (database_reconnect(&cli->database))
            return true;
    }
    return false;
}

int watch_command(struct cli *cli, int argc, char *const *argv)
{
    long every = 2;
    bool once = false;
    struct words operands = {0};
    const struct flag flags[] = {{"--every", FLAG_NUMBER, &every, "S", "look every so many seconds (default 2)"},
                                 {"--once", FLAG_SWITCH, &once, NULL, "look once and end"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    bool terminal = cli->format == WRITER_TEXT && isatty(STDOUT_FILENO) == 1;
    interrupt_prepare();
    for (;;) {
        code = show(cli, terminal && !once);
        if (code != 0 &&
            (once || cli->database.connection == NULL || !database_lost(&cli->database) || !reconnect(cli)))
            return code;
        if (code == 0 && (once || interrupted_within(every * 1000)))
            return EX_OK;
    }
}
