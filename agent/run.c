#include "agent/run.h"

#include "agent/daemon.h"
#include "agent/flags.h"
#include "agent/settings.h"
#include "base/log.h"
#include "base/signals.h"
#include "command/job.h"
#include "uplink/session.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct run_options {
    const char *file, *folder;
    bool print_settings, print_states;
};

static const struct flag flags[] = {
    {"settings", "FILE", "settings file (default: " AGENT_SETTINGS_PATH ")", flag_text,
     offsetof(struct run_options, file), "a file"},
    {"state-dir", "DIR", "where its state lives (default: agent.state_folder of the settings)", flag_text,
     offsetof(struct run_options, folder), "a folder"},
    {"print-settings", NULL, "print a settings file with every setting explained", flag_on,
     offsetof(struct run_options, print_settings), NULL},
    {"states", NULL, "print how its session with a collector goes from state to state", flag_on,
     offsetof(struct run_options, print_states), NULL},
};

static const struct flag_table table = {
    .subcommand = "run",
    .about = "Serves the collectors this agent is enrolled with, in the foreground, until SIGTERM.",
    .exits = "0 stopped; 66 key unreadable; 73 state folder; 75 another agent has the folder; 77 key readable by\n"
             "others, or folder of another user; 78 settings, or not enrolled.",
    .flags = flags,
    .count = ARRAY_LEN(flags),
};

static int run_with(const char *file, const char *folder)
{
    struct agent_settings settings;
    char message[SETTINGS_MESSAGE_BYTES];
    if (agent_settings_load_with(file, folder, &settings, message)) {
        fprintf(stderr, "natsweep-agent: %s\n", message);
        return EX_CONFIG;
    }
    log_set_level(settings.log_level);
    int stop_fd = signals_open(0);
    if (stop_fd < 0) {
        log_error("agent", NULL, "cannot wait for signals: %s", strerror(errno));
        return EX_OSERR;
    }
    int code = daemon_run(
        &(struct daemon_options){.settings = &settings, .settings_path = file, .run = job_run, .stop_fd = stop_fd});
    close(stop_fd);
    return code;
}

int run_command(int argc, char **argv)
{
    struct run_options options = {0};
    int code = flags_parse(&table, argc, argv, &options);
    if (code != FLAGS_READ)
        return code;
    if (options.print_settings)
        agent_settings_print(stdout);
    if (options.print_states)
        session_print(stdout);
    return options.print_settings || options.print_states ? EX_OK : run_with(options.file, options.folder);
}
