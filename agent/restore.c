#include "agent/restore.h"

#include "agent/flags.h"
#include "agent/pbx_setup.h"
#include "agent/settings.h"
#include "pbx/restore.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sysexits.h>

struct restore_options {
    const char *file;
    bool abandoned;
};

static const struct flag flags[] = {
    {"settings", "FILE", "settings file (default: " AGENT_SETTINGS_PATH ")", flag_text,
     offsetof(struct restore_options, file), "a file"},
    {"abandoned", NULL, "leave the PBX to a sweep that still runs", flag_on,
     offsetof(struct restore_options, abandoned), NULL},
};

static const struct flag_table table = {
    .subcommand = "restore",
    .about =
        "Starts the PBX if a sweep in mode exclusive has left it stopped; a sweep that still runs loses the ports.",
    .exits = "0 the PBX runs, or no sweep had stopped it; 69 it does not start; 77 not root; 78 settings.",
    .flags = flags,
    .count = ARRAY_LEN(flags),
};

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
    struct restore_options options = {0};
    struct agent_settings settings;
    struct pbx_setup setup;
    char message[SETTINGS_MESSAGE_BYTES];
    int code = flags_parse(&table, argc, argv, &options);
    if (code != FLAGS_READ)
        return code;
    if (agent_settings_load(options.file, &settings, message)) {
        fprintf(stderr, "natsweep-agent restore: %s\n", message);
        return EX_CONFIG;
    }
    pbx_setup(&setup, &settings, options.file);
    return restore(&setup.config, options.abandoned);
}
