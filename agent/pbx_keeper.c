#include "agent/pbx_keeper.h"

#include "agent/flags.h"
#include "agent/pbx_setup.h"
#include "agent/settings.h"
#include "base/log.h"
#include "pbx/keeper.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

struct keeper_options {
    const char *file;
    bool detach;
};

static const struct flag flags[] = {
    {"settings", "FILE", "settings file (default: " AGENT_SETTINGS_PATH ")", flag_text,
     offsetof(struct keeper_options, file), "a file"},
    {"detach", NULL, "leave the process that started this one", flag_on, offsetof(struct keeper_options, detach), NULL},
};

static const struct flag_table table = {
    .subcommand = "pbx-keeper",
    .about = "Serves one agent on standard input, a socket: stops the PBX as the settings say, and starts it when the "
             "agent\n"
             "says so, is gone or takes longer than pbx.max_stopped_s. Not for people: 'natsweep-agent restore' is.",
    .flags = flags,
    .count = ARRAY_LEN(flags),
};

/* What the settings name is run with our rights: nobody else may write them. */
static bool settings_are_ours(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == ENOENT;
    bool owned = status.st_uid == 0 || status.st_uid == geteuid();
    if (owned && !(status.st_mode & (S_IWGRP | S_IWOTH)))
        return true;
    log_error("pbx", path, "others than root may write the settings: chown them to root and chmod them to 644");
    return false;
}

/* Who started us may do as it likes; who connected to root's socket only what the settings allow collectors. */
static bool agent_may(const struct agent_settings *settings)
{
    struct ucred agent;
    socklen_t len = sizeof agent;
    if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_PEERCRED, &agent, &len) != 0)
        return false;
    return agent.uid == geteuid() || settings->allow_exclusive;
}

static int keep(const char *path)
{
    struct agent_settings settings;
    struct pbx_setup setup;
    char message[SETTINGS_MESSAGE_BYTES];
    if (agent_settings_load(path, &settings, message)) {
        log_error("pbx", NULL, "%s", message);
        return EX_CONFIG;
    }
    log_set_level(settings.log_level);
    bool may = settings_are_ours(path ? path : AGENT_SETTINGS_PATH) && agent_may(&settings);
    pbx_setup(&setup, &settings, path);
    if (chdir("/") != 0) /* the folder we were started in may be unmounted meanwhile */
        log_debug("pbx", NULL, "cannot leave the current folder: %s", strerror(errno));
    return keeper_serve(STDIN_FILENO, &setup.config, !may) == 0 ? EX_OK : EX_UNAVAILABLE;
}

int pbx_keeper_command(int argc, char **argv)
{
    struct keeper_options options = {0};
    int code = flags_parse(&table, argc, argv, &options);
    if (code != FLAGS_READ)
        return code;
    int type;
    socklen_t len = sizeof type;
    if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &len) != 0) {
        (void)fputs("natsweep-agent pbx-keeper: standard input is no socket; the agent and systemd run this\n", stderr);
        return EX_USAGE;
    }
    if (options.detach && keeper_detach() != 0)
        return EX_OSERR;
    (void)prctl(PR_SET_NAME, "natsweep-pbx");
    return keep(options.file);
}
