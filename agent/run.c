#include "agent/run.h"

#include "agent/daemon.h"
#include "agent/settings.h"
#include "base/log.h"
#include "base/signals.h"
#include "command/job.h"
#include "uplink/session.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static void print_help(void)
{
    puts("usage: natsweep-agent run [FLAG]...\n\n"
         "Serves the collectors this agent is enrolled with, in the foreground, until SIGTERM.\n\n"
         "  --settings FILE   settings file (default: " AGENT_SETTINGS_PATH ")\n"
         "  --state-dir DIR   where its state lives (default: agent.state_folder of the settings)\n"
         "  --print-settings  print a settings file with every setting explained\n"
         "  --states          print how its session with a collector goes from state to state\n"
         "  --help            this text\n\n"
         "Exit: 0 stopped; 66 key unreadable; 73 state folder; 75 another agent has the folder; 77 key readable by\n"
         "others, or folder of another user; 78 settings, or not enrolled.");
}

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
    static const struct option options[] = {
        {"settings", required_argument, NULL, 's'}, {"state-dir", required_argument, NULL, 'd'},
        {"print-settings", no_argument, NULL, 'p'}, {"states", no_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},           {0}};
    const char *file = NULL, *folder = NULL;
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's': file = optarg; break;
        case 'd': folder = optarg; break;
        case 'p': agent_settings_print(stdout); return EX_OK;
        case 't': session_print(stdout); return EX_OK;
        case 'h': print_help(); return EX_OK;
        default: fputs("'natsweep-agent run --help' lists the flags\n", stderr); return EX_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "natsweep-agent run: takes no argument '%s'; 'natsweep-agent run --help' lists the flags\n",
                argv[optind]);
        return EX_USAGE;
    }
    return run_with(file, folder);
}
