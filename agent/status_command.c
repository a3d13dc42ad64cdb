#include "agent/status_command.h"

#include "agent/flags.h"
#include "agent/settings.h"
#include "agent/status_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static int explain(const char *folder, int error)
{
    if (error == -EACCES)
        fprintf(stderr, "natsweep-agent: only root and the agent's user may ask for the status in %s\n", folder);
    else if (error == -ENOENT || error == -ECONNREFUSED)
        fprintf(stderr, "natsweep-agent: no agent runs with the state folder %s\n", folder);
    else
        fprintf(stderr, "natsweep-agent: the agent with the state folder %s does not answer: %s\n", folder,
                strerror(-error));
    return error == -EACCES ? EX_NOPERM : EX_UNAVAILABLE;
}

struct status_options {
    const char *file, *folder;
    bool json;
};

static int set_format(void *field, const char *value)
{
    *(bool *)field = strcmp(value, "json") == 0;
    return strcmp(value, "json") == 0 || strcmp(value, "text") == 0 ? 0 : -EINVAL;
}

static const struct flag flags[] = {
    {"settings", "FILE", "settings file (default: " AGENT_SETTINGS_PATH ")", flag_text,
     offsetof(struct status_options, file), "a file"},
    {"state-dir", "DIR", "its state folder (default: agent.state_folder of the settings)", flag_text,
     offsetof(struct status_options, folder), "a folder"},
    {"format", "FORMAT", "text or json (default: text)", set_format, offsetof(struct status_options, json),
     "text or json"},
};

static const struct flag_table table = {
    .subcommand = "status",
    .about = "Prints what the agent that runs on this host is doing.",
    .exits = "0; 69 when none runs; 77 when only root and the agent's user may ask.",
    .flags = flags,
    .count = ARRAY_LEN(flags),
};

int status_command(int argc, char **argv)
{
    struct status_options options = {0};
    int code = flags_parse(&table, argc, argv, &options);
    if (code != FLAGS_READ)
        return code;
    struct agent_settings settings;
    char message[SETTINGS_MESSAGE_BYTES];
    if (agent_settings_load_with(options.file, options.folder, &settings, message)) {
        fprintf(stderr, "natsweep-agent: %s\n", message);
        return EX_CONFIG;
    }
    struct agent_status status = {0};
    int error = status_ask(settings.state_folder, &status);
    if (error)
        return explain(settings.state_folder, error);
    (options.json ? status_print_json : status_print_text)(&status, stdout);
    return EX_OK;
}
