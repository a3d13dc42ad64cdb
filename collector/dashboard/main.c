/* natsweep-dashboard: what natsweep knows, in a browser. */
#include "base/log.h"
#include "dashboard/dashboard.h"
#include "dashboard/settings.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sysexits.h>

#define SETTINGS_PATH "/etc/natsweep/dashboard.conf"

enum task { TASK_SERVE, TASK_CHECK, TASK_PRINT_SETTINGS, TASK_HELP, TASK_VERSION, TASK_BAD_USAGE };

static void print_help(FILE *out)
{
    fputs("usage: natsweep-dashboard [--settings FILE] [--check | --print-settings]\n\n"
          "Serves the dashboard until SIGTERM. People sign in with their role in PostgreSQL.\n\n"
          "  --settings FILE   default " SETTINGS_PATH "\n"
          "  --check           say whether the settings are in order, and end\n"
          "  --print-settings  print a settings file with every setting explained\n"
          "  --version         print the version\n"
          "  --help            print this\n",
          out);
}

static enum task read_arguments(int argc, char **argv, const char **settings_path)
{
    static const struct option options[] = {
        {"settings", required_argument, NULL, 's'}, {"check", no_argument, NULL, 'c'},
        {"print-settings", no_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},        {0},
    };
    enum task task = TASK_SERVE;
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case 's': *settings_path = optarg; break;
        case 'c': task = TASK_CHECK; break;
        case 'p': task = TASK_PRINT_SETTINGS; break;
        case 'h': task = TASK_HELP; break;
        case 'v': task = TASK_VERSION; break;
        default: return TASK_BAD_USAGE;
        }
    }
    if (optind == argc)
        return task;
    fprintf(stderr, "natsweep-dashboard: unexpected argument '%s'\n", argv[optind]);
    return TASK_BAD_USAGE;
}

/* Blocked, so that only the loop hears of them. */
static void block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int serve(const char *settings_path, enum task task)
{
    struct dashboard_settings settings;
    char message[SETTINGS_MESSAGE_BYTES];
    enum log_level level = LOG_LEVEL_INFO;
    if (dashboard_settings_load(settings_path, &settings, message) != 0) {
        fprintf(stderr, "natsweep-dashboard: %s\n", message);
        return EX_CONFIG;
    }
    if (log_level_parse(settings.log_level, &level) == 0)
        log_set_level(level);
    if (task == TASK_CHECK)
        return EX_OK;
    block_signals();
    (void)prctl(PR_SET_DUMPABLE, 0); /* passwords of people who are signed in are in memory */
    return dashboard_run(&settings);
}

int main(int argc, char **argv)
{
    const char *settings_path = SETTINGS_PATH;
    enum task task = read_arguments(argc, argv, &settings_path);
    switch (task) {
    case TASK_SERVE:
    case TASK_CHECK: return serve(settings_path, task);
    case TASK_PRINT_SETTINGS: dashboard_settings_print(stdout); return EX_OK;
    case TASK_HELP: print_help(stdout); return EX_OK;
    case TASK_VERSION: puts("natsweep-dashboard " NATSWEEP_VERSION); return EX_OK;
    case TASK_BAD_USAGE: break;
    }
    fputs("'natsweep-dashboard --help' lists the flags\n", stderr);
    return EX_USAGE;
}
