/* natsweep-agent: one program, a row a subcommand. */
#include "agent/check.h"
#include "agent/enroll.h"
#include "agent/pbx_keeper.h"
#include "agent/restore.h"
#include "agent/run.h"
#include "agent/status_command.h"
#include "base/attributes.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

struct subcommand {
    const char *name;
    const char *help;
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name; returns the exit code */
};

static int version_command(int argc, char **argv);

static const struct subcommand subcommands[] = {
    {"check", "check this host's ports, without collector and database", check_command},
    {"enroll", "join this host to a fleet", enroll_command},
    {"run", "serve the fleet's collectors, in the foreground", run_command},
    {"status", "say what the running agent is doing", status_command},
    {"restore", "start the PBX if a sweep has left it stopped", restore_command},
    {"pbx-keeper", "stop and start the PBX for an agent on standard input (run by the agent and by systemd)",
     pbx_keeper_command},
    {"version", "print the version", version_command},
};

static int version_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    puts("natsweep-agent " NATSWEEP_VERSION);
    return EX_OK;
}

static void print_help(FILE *out)
{
    fputs("usage: natsweep-agent SUBCOMMAND [FLAG]...\n\n", out);
    for (size_t i = 0; i < ARRAY_LEN(subcommands); i++)
        fprintf(out, "  %-11s %s\n", subcommands[i].name, subcommands[i].help);
    fputs("\n'natsweep-agent SUBCOMMAND --help' lists the flags of one.\n", out);
}

static const struct subcommand *subcommand_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(subcommands); i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EX_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EX_OK;
    }
    const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    const struct subcommand *subcommand = subcommand_find(name);
    if (!subcommand) {
        fprintf(stderr, "natsweep-agent: unknown subcommand '%s'; 'natsweep-agent --help' lists them\n", name);
        return EX_USAGE;
    }
    return subcommand->run(argc - 1, argv + 1);
}
