#include "agent/status_command.h"

#include "agent/settings.h"
#include "agent/status_socket.h"

#include <errno.h>
#include <getopt.h>
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

static const char usage[] = "usage: natsweep-agent status [FLAG]...\n\n"
                            "Prints what the agent that runs on this host is doing.\n\n"
                            "  --settings FILE  settings file (default: " AGENT_SETTINGS_PATH ")\n"
                            "  --state-dir DIR  its state folder (default: agent.state_folder of the settings)\n"
                            "  --format FORMAT  text or json (default: text)\n"
                            "  --help           this text\n\n"
                            "Exit: 0; 69 when none runs; 77 when only root and the agent's user may ask.\n";

int status_command(int argc, char **argv)
{
    static const struct option options[] = {{"settings", required_argument, NULL, 's'},
                                            {"state-dir", required_argument, NULL, 'd'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    const char *file = NULL, *folder = NULL, *format = "text";
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's': file = optarg; break;
        case 'd': folder = optarg; break;
        case 'f': format = optarg; break;
        case 'h': fputs(usage, stdout); return EX_OK;
        default: fputs(usage, stderr); return EX_USAGE;
        }
    }
    bool json = strcmp(format, "json") == 0;
    if (optind < argc || (!json && strcmp(format, "text") != 0)) {
        fputs(usage, stderr);
        return EX_USAGE;
    }
    struct agent_settings settings;
    char message[SETTINGS_MESSAGE_BYTES];
    if (agent_settings_load_with(file, folder, &settings, message)) {
        fprintf(stderr, "natsweep-agent: %s\n", message);
        return EX_CONFIG;
    }
    struct agent_status status = {0};
    int error = status_ask(settings.state_folder, &status);
    if (error)
        return explain(settings.state_folder, error);
    (json ? status_print_json : status_print_text)(&status, stdout);
    return EX_OK;
}
