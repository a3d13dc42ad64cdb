#include "agent/restore.h"

#include "agent/pbx_setup.h"
#include "agent/settings.h"
#include "pbx/restore.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

static const char usage[] =
    "usage: natsweep-agent restore [FLAG]...\n\n"
    "Starts the PBX if a sweep in mode exclusive has left it stopped; a sweep that still runs loses the ports.\n\n"
    "  --settings FILE  settings file (default: " AGENT_SETTINGS_PATH ")\n"
    "  --abandoned      leave the PBX to a sweep that still runs\n"
    "  --help           this text\n\n"
    "Exit: 0 the PBX runs, or no sweep had stopped it; 69 it does not start; 77 not root; 78 settings.\n";

static int exit_code_of(int error)
{
    if (error >= 0)
        return EX_OK;
    return error == -EACCES || error == -EPERM ? EX_NOPERM : EX_UNAVAILABLE;
}

static int restore(const struct pbx_config *config, bool abandoned)
{
    char message[RESTORE_MESSAGE_BYTES];
    if (abandoned)
        return exit_code_of(restore_abandoned(config));
    int rc = restore_now(config, message);
    (void)fprintf(rc < 0 ? stderr : stdout, "natsweep-agent restore: %s\n", message);
    return exit_code_of(rc);
}

int restore_command(int argc, char **argv)
{
    static const struct option options[] = {{"settings", required_argument, NULL, 's'},
                                            {"abandoned", no_argument, NULL, 'a'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    struct agent_settings settings;
    struct pbx_setup setup;
    char message[SETTINGS_MESSAGE_BYTES];
    const char *file = NULL;
    bool abandoned = false;
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's': file = optarg; break;
        case 'a': abandoned = true; break;
        case 'h': fputs(usage, stdout); return EX_OK;
        default: fputs(usage, stderr); return EX_USAGE;
        }
    }
    if (optind < argc) {
        fputs(usage, stderr);
        return EX_USAGE;
    }
    if (agent_settings_load(file, &settings, message)) {
        fprintf(stderr, "natsweep-agent restore: %s\n", message);
        return EX_CONFIG;
    }
    pbx_setup(&setup, &settings, file);
    return restore(&setup.config, abandoned);
}
