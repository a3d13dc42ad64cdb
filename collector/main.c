/* natsweep-collector: agents on one side, PostgreSQL on the other. */
#include "base/attributes.h"
#include "base/log.h"
#include "collector/identity.h"
#include "collector/readiness.h"
#include "collector/service.h"
#include "collector/settings.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define SETTINGS_PATH "/etc/natsweep/collector.conf"

enum task {
    TASK_SERVE,
    TASK_CHECK,
    TASK_MAKE_NEXT_KEY,
    TASK_USE_NEXT_KEY,
    TASK_PRINT_SETTINGS,
    TASK_HELP,
    TASK_VERSION,
    TASK_BAD_USAGE
};

static void print_help(FILE *out)
{
    fputs("usage: natsweep-collector [--settings FILE] [--check | --print-settings]\n\n"
          "Serves the fleet's agents until SIGTERM.\n\n"
          "  --settings FILE   default " SETTINGS_PATH "\n"
          "  --check           say whether settings, key and database are in order, and end\n"
          "  --make-next-key   make the key that will replace this collector's; SIGHUP has agents told\n"
          "  --use-next-key    put it in the place of the present one; then restart\n"
          "  --print-settings  print a settings file with every setting explained\n"
          "  --version         print the version\n"
          "  --help            print this\n",
          out);
}

static enum task read_arguments(int argc, char **argv, const char **settings_path)
{
    static const struct option options[] = {
        {"settings", required_argument, NULL, 's'}, {"check", no_argument, NULL, 'c'},
        {"make-next-key", no_argument, NULL, 'm'},  {"use-next-key", no_argument, NULL, 'u'},
        {"print-settings", no_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},        {0},
    };
    enum task task = TASK_SERVE;
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case 's': *settings_path = optarg; break;
        case 'c': task = TASK_CHECK; break;
        case 'm': task = TASK_MAKE_NEXT_KEY; break;
        case 'u': task = TASK_USE_NEXT_KEY; break;
        case 'p': task = TASK_PRINT_SETTINGS; break;
        case 'h': task = TASK_HELP; break;
        case 'v': task = TASK_VERSION; break;
        default: return TASK_BAD_USAGE;
        }
    }
    if (optind == argc)
        return task;
    fprintf(stderr, "natsweep-collector: unexpected argument '%s'\n", argv[optind]);
    return TASK_BAD_USAGE;
}

static int fail(int exit_code, const char *message)
{
    fprintf(stderr, "natsweep-collector: %s\n", message);
    return exit_code;
}

/* Blocked before the first thread starts, so that all inherit it and only service_run() hears of them. */
static void block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* A step of replacing the key, on the host of a collector that goes on running. */
static int rotate_key(const struct collector_settings *settings, enum task task)
{
    struct curve_key_pair next;
    char message[SETTINGS_MESSAGE_BYTES], text[CURVE_KEY_TEXT_BYTES];
    int error = task == TASK_MAKE_NEXT_KEY ? identity_make_next_key(settings->key_file, &next, message)
                                           : identity_use_next_key(settings->key_file, &next, message);
    if (error)
        return fail(error == -EEXIST || error == -ENOENT ? EX_DATAERR : EX_CANTCREAT, message);
    printf("%s: %s\n", task == TASK_MAKE_NEXT_KEY ? "next public key" : "public key from the next start on",
           curve_key_format(next.public_key, text));
    explicit_bzero(&next, sizeof(next));
    return EX_OK;
}

static int serve(const char *settings_path, enum task task)
{
    struct collector_settings settings;
    struct curve_key_pair key;
    struct secrets secrets;
    char message[SETTINGS_MESSAGE_BYTES];
    enum log_level level = LOG_LEVEL_INFO;
    if (collector_settings_load(settings_path, &settings, message) != 0)
        return fail(EX_CONFIG, message);
    if (log_level_parse(settings.log_level, &level) == 0)
        log_set_level(level);
    if (task == TASK_MAKE_NEXT_KEY || task == TASK_USE_NEXT_KEY)
        return rotate_key(&settings, task);
    if (identity_key(settings.key_file, &key, message) != 0)
        return fail(EX_CONFIG, message);
    if (identity_secrets(&settings, &secrets, message) != 0)
        return fail(EX_CONFIG, message);
    if (task == TASK_CHECK)
        return readiness_print(&settings, &key);
    block_signals();
    int exit_code = service_run(&settings, &key, &secrets);
    explicit_bzero(&key, sizeof(key));
    explicit_bzero(&secrets, sizeof(secrets));
    return exit_code;
}

int main(int argc, char **argv)
{
    const char *settings_path = SETTINGS_PATH;
    enum task task = read_arguments(argc, argv, &settings_path);
    switch (task) {
    case TASK_SERVE:
    case TASK_MAKE_NEXT_KEY:
    case TASK_USE_NEXT_KEY:
    case TASK_CHECK: return serve(settings_path, task);
    case TASK_PRINT_SETTINGS: collector_settings_print(stdout); return EX_OK;
    case TASK_HELP: print_help(stdout); return EX_OK;
    case TASK_VERSION: puts("natsweep-collector " NATSWEEP_VERSION); return EX_OK;
    case TASK_BAD_USAGE: break;
    }
    fputs("'natsweep-collector --help' lists the flags\n", stderr);
    return EX_USAGE;
}
