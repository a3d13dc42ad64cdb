/* natsweep-dashboard: what natsweep knows, in a browser. */
#include "base/attributes.h"
#include "base/log.h"
#include "base/program.h"
#include "dashboard/dashboard.h"
#include "dashboard/settings.h"

#include <sys/prctl.h>
#include <sysexits.h>

static program_task serve, check;

static const struct program_flag flags[] = {
    {"check", check, "say whether the settings are in order, and end"},
};

static const struct program program = {
    .name = "natsweep-dashboard",
    .instead = "--check | --print-settings",
    .help = "Serves the dashboard until SIGTERM. People sign in with their role in PostgreSQL.",
    .settings_path = "/etc/natsweep/dashboard.conf",
    .serve = serve,
    .print_settings = dashboard_settings_print,
    .flags = flags,
    .flag_count = ARRAY_LEN(flags),
};

static int load(const char *path, struct dashboard_settings *settings)
{
    char message[SETTINGS_MESSAGE_BYTES];
    if (dashboard_settings_load(path, settings, message) != 0)
        return program_fail(&program, EX_CONFIG, message);
    log_set_level(settings->log_level);
    return EX_OK;
}

static int check(const char *settings_path)
{
    struct dashboard_settings settings;
    return load(settings_path, &settings);
}

static int serve(const char *settings_path)
{
    struct dashboard_settings settings;
    int exit_code = load(settings_path, &settings);
    if (exit_code != EX_OK)
        return exit_code;
    (void)prctl(PR_SET_DUMPABLE, 0); /* passwords of people who are signed in are in memory */
    return dashboard_run(&settings);
}

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
