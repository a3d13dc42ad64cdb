#include "cli/sweep_wait.h"

#include "base/clock.h"
#include "cli/complain.h"
#include "cli/interrupt.h"
#include "cli/progress.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#define POLL_MS 300
#define RECONNECT_MS 1000
#define RECONNECTS_MAX 60
#define PLAIN_LINE_US (30 * 1000000ull) /* between lines when stderr is a file: a log must not fill with them */

/* clang-format off */
static const char PROGRESS_SQL[] =
    "select total - queued - sent - accepted - running, total, ports_done, ports_total, queued,"
    "  ceil(extract(epoch from case when estimated_end < now() then interval '0' else estimated_end - now() end))::bigint,"
    "  finished"
    " from natsweep.request_progress where request_id = $1::bigint";

#define DONE(outcome) "count(*) filter (where s.state = 'done' and w.word = '" outcome "') as " outcome
#define ENDED(state) "count(*) filter (where s.state = '" state "') as " state
static const char SUMMARY_SQL[] =
    "select r.request_id as request, count(*) as sites, r.no_agent, "
    DONE("supported") ", " DONE("partial") ", " DONE("unsupported") ", " DONE("inconclusive") ", " DONE("not_run") ", "
    ENDED("cancelled") ", " ENDED("failed") ", " ENDED("refused") ", " ENDED("expired") ", " ENDED("lost")
    " from natsweep.request r"
    " join natsweep.sweep s on s.request_id = r.request_id and not s.retried"
    " left join unnest(natsweep.outcome_words()) with ordinality as w (word, number) on w.number = s.outcome"
    " where r.request_id = $1::bigint"
    " group by r.request_id";
/* clang-format on */

struct waiting {
    struct cli *cli;
    struct sql_parameters request;
    bool terminal, cancelling;
    uint64_t last_line_us;
    struct progress shown;
};

int sweep_exit_code(const struct sweep_counts *counts)
{
    if (counts->cancelled > 0)
        return EXIT_CANCELLED;
    if (counts->supported == counts->sites && counts->no_agent == 0)
        return EXIT_SUPPORTED;
    if (counts->supported + counts->partial + counts->unsupported + counts->inconclusive == 0)
        return EXIT_NOT_RUN;
    return EXIT_NOT_SUPPORTED;
}

static long number_at(const PGresult *result, int column)
{
    return PQgetisnull(result, 0, column) ? -1 : strtol(PQgetvalue(result, 0, column), NULL, 10);
}

static int read_progress(const struct waiting *waiting, struct progress *progress, bool *finished)
{
    PGresult *result = NULL;
    int code = database_query(&waiting->cli->database, PROGRESS_SQL, &waiting->request, &result);
    if (code != 0)
        return code;
    if (PQntuples(result) == 1) {
        *progress = (struct progress){strtol(waiting->request.values[0], NULL, 10),
                                      number_at(result, 0),
                                      number_at(result, 1),
                                      number_at(result, 2),
                                      number_at(result, 3),
                                      number_at(result, 4),
                                      number_at(result, 5)};
        *finished = PQgetvalue(result, 0, 6)[0] == 't';
    } else {
        code = complain(EX_NOUSER, "the request %s is gone", waiting->request.values[0]);
    }
    PQclear(result);
    return code;
}

/* A line that wraps could not be overwritten. */
static int terminal_width(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : PROGRESS_LINE_BYTES;
}

static void show_progress(struct waiting *waiting, const struct progress *progress)
{
    char line[PROGRESS_LINE_BYTES];
    if (waiting->terminal) {
        (void)fprintf(stderr, "\r%.*s\033[K", terminal_width(), progress_format(progress, line));
        return;
    }
    uint64_t now_us = clock_monotonic_us();
    bool news = progress->sites_done != waiting->shown.sites_done || progress->ports_done != waiting->shown.ports_done;
    if (waiting->last_line_us != 0 && (!news || now_us - waiting->last_line_us < PLAIN_LINE_US))
        return;
    (void)fprintf(stderr, "%s\n", progress_format(progress, line));
    waiting->last_line_us = now_us;
    waiting->shown = *progress;
}

static void end_line(const struct waiting *waiting)
{
    if (waiting->terminal)
        (void)fputc('\n', stderr);
}

/* The request lives on in the database; only our view of it is gone. */
static int reconnect(const struct waiting *waiting)
{
    (void)fprintf(stderr, "request %s goes on; trying to reach the database again\n", waiting->request.values[0]);
    for (int attempt = 0; attempt < RECONNECTS_MAX; attempt++) {
        if (interrupted_within(RECONNECT_MS))
            return complain(EXIT_CANCELLED, "left; request %s goes on", waiting->request.values[0]);
        if (database_reconnect(&waiting->cli->database))
            return 0;
    }
    return complain(EX_UNAVAILABLE,
                    "the database did not come back; request %s goes on, 'natsweep status %s' will show it",
                    waiting->request.values[0], waiting->request.values[0]);
}

static int cancel(struct waiting *waiting)
{
    end_line(waiting);
    if (waiting->cancelling)
        return complain(EXIT_CANCELLED, "left before all agents had stopped; 'natsweep status %s' shows them",
                        waiting->request.values[0]);
    waiting->cancelling = true;
    (void)fputs("cancelling; Ctrl-C once more leaves at once\n", stderr);
    return database_execute(&waiting->cli->database, "select natsweep.cancel_request($1::bigint)", &waiting->request);
}

static int wait_for_end(struct waiting *waiting)
{
    for (;;) {
        struct progress progress = {0};
        bool finished = false;
        int code = read_progress(waiting, &progress, &finished);
        if (code != 0 && database_lost(&waiting->cli->database)) {
            code = reconnect(waiting);
        } else if (code == 0) {
            show_progress(waiting, &progress);
            if (finished)
                return 0;
            if (interrupted_within(POLL_MS))
                code = cancel(waiting);
        }
        if (code != 0)
            return code;
    }
}

static int summarize(const struct waiting *waiting)
{
    PGresult *result = NULL;
    int code = database_query(&waiting->cli->database, SUMMARY_SQL, &waiting->request, &result);
    if (code != 0)
        return code;
    const struct sweep_counts counts = {.sites = number_at(result, 1),
                                        .no_agent = number_at(result, 2),
                                        .supported = number_at(result, 3),
                                        .partial = number_at(result, 4),
                                        .unsupported = number_at(result, 5),
                                        .inconclusive = number_at(result, 6),
                                        .cancelled = number_at(result, 8)};
    PQclear(result);
    code = cli_show(waiting->cli, SUMMARY_SQL, &waiting->request, WRITER_TALLY);
    return code != 0 ? code : sweep_exit_code(&counts);
}

int sweep_wait(struct cli *cli, const char *request)
{
    struct waiting waiting = {
        .cli = cli, .request = {.count = 1, .values = {request}}, .terminal = isatty(STDERR_FILENO) == 1};
    int code = wait_for_end(&waiting);
    if (code != 0)
        return code;
    end_line(&waiting);
    (void)fprintf(stderr, "'natsweep status %s --sites' shows how each site ended\n", request);
    return summarize(&waiting);
}
