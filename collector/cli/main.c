/* natsweep: the operator's command. One program, a row a subcommand; it talks to PostgreSQL and to nothing else. */
#include "cli/commands.h"
#include "cli/complain.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct command commands[] = {
    {"init", "", "make or update the schema of the database", init_command},
    {"user add", "ROLE", "let a login role see a customer's sites, or ask for sweeps of them", user_add_command},
    {"customer add", "NAME", "make a customer", customer_add_command},
    {"customer list", "", "list the customers", customer_list_command},
    {"site add", "NAME", "make a site", site_add_command},
    {"site list", "", "list the sites with their tags", site_list_command},
    {"site tag", "SITE", "put tags on a site or take them off", site_tag_command},
    {"site remove", "SITE", "remove a site, its agents and what is under way there", site_remove_command},
    {"site move", "SITE", "give a site to another customer", site_move_command},
    {"vantage set", "NAME", "name a STUN server that agents sweep against, or change it", vantage_set_command},
    {"vantage list", "", "list these servers", vantage_list_command},
    {"enroll", "", "make a one-time token and print the line that installs an agent on a PBX host and joins it",
     enroll_command},
    {"token list", "", "list the enrolment tokens that still let agents in", token_list_command},
    {"token revoke", "TOKEN", "let no more agents enrol with a token", token_revoke_command},
    {"collector list", "", "list the collectors and how far a replacement of their keys is", collector_list_command},
    {"agent list", "", "list the agents and how they are", agent_list_command},
    {"agent approve", "AGENT", "let a pending agent work", agent_approve_command},
    {"agent revoke", "AGENT", "shut an agent out, at once and for good", agent_revoke_command},
    {"agent move", "AGENT", "let an agent work for another site", agent_move_command},
    {"agent change-key", "AGENT", "have an agent make itself a new key", agent_change_key_command},
    {"agent events", "", "list what befell agents: enrolled, moved, cloned and the like", agent_events_command},
    {"agent versions", "", "count the agents of each version", agent_versions_command},
    {"sweep", "", "ask for a sweep of the chosen sites", sweep_command},
    {"cancel", "REQUEST", "cancel what is not done of a request", cancel_command},
    {"pause", "REQUEST", "send nothing more of a request for now", pause_command},
    {"resume", "REQUEST", "let a paused request go on", resume_command},
    {"status", "[REQUEST]", "show how far requests are", status_command},
    {"report", "", "show the state of the fleet, a line a site", report_command},
    {"ports", "SITE", "show the ports of a site, grouped by verdict", ports_command},
    {"trend", "[WHAT]",
     "show how things went: fleet, classes, sites, ports, changes, difference, outages, repairs, causes, tags, servers",
     trend_command},
    {"watch", "", "show the fleet, its requests and changes, and keep looking", watch_command},
    {"audit", "", "show who did what", audit_command},
    {"names", "WHAT", "list the names of customers, sites or tags, a line each, as completion offers them",
     names_command},
    {"storage", "", "show what the tables take on disk and how long they are kept", storage_command},
    {"rejudge", "", "judge history anew from the stored facts", rejudge_command},
    {"keep", "TABLE TIME", "keep the rows of a table for a time such as '2 years', or forever", keep_command},
    {"schedule add", "NAME", "ask for sweeps of the chosen sites again and again", schedule_add_command},
    {"schedule list", "", "list the schedules", schedule_list_command},
    {"schedule pause", "SCHEDULE", "hold a schedule", schedule_pause_command},
    {"schedule resume", "SCHEDULE", "let a schedule go on with its next turn", schedule_resume_command},
    {"schedule drop", "SCHEDULE", "end a schedule", schedule_drop_command},
    {"webhook add", "NAME", "tell an https address what changes at a customer's sites", webhook_add_command},
    {"webhook list", "", "list the webhooks and how they are", webhook_list_command},
    {"webhook remove", "NAME", "end a webhook, with what waits for it", webhook_remove_command},
    {"webhook test", "NAME", "send a webhook an event of no meaning and show what came of it", webhook_test_command},
};

/* Whether `command` is one of several that begin with the word `group`, as "customer add" and "customer list" do. */
static bool is_of(const struct command *command, const char *group)
{
    size_t len = strlen(group);
    return strncmp(command->words, group, len) == 0 && command->words[len] == ' ';
}

/* Of all subcommands, or of a group's. */
static void print_help(FILE *out, const char *group)
{
    (void)fprintf(out, "usage: natsweep %s%sSUBCOMMAND [FLAG]...\n\n", group != NULL ? group : "",
                  group != NULL ? " " : "");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (group == NULL || is_of(&commands[i], group))
            (void)fprintf(out, "  %-17s %-11s %s\n", commands[i].words, commands[i].operands, commands[i].help);
    (void)fputs("\n'natsweep SUBCOMMAND --help' lists the flags of one.\n", out);
}

/* The command that argv begins with; *words is how many words its name has. */
static const struct command *command_find(int argc, char *const *argv, int *words)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        const char *name = commands[i].words, *space = strchr(name, ' ');
        size_t first = space != NULL ? (size_t)(space - name) : strlen(name);
        if (argc < 1 || strlen(argv[0]) != first || strncmp(argv[0], name, first) != 0)
            continue;
        *words = space != NULL ? 2 : 1;
        if (space == NULL || (argc > 1 && strcmp(argv[1], space + 1) == 0))
            return &commands[i];
    }
    return NULL;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

static int group_or_unknown(int argc, char *const *argv)
{
    bool group = false;
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        group = group || is_of(&commands[i], argv[0]);
    if (!group)
        return complain(EX_USAGE, "unknown subcommand '%s'; 'natsweep --help' lists them", argv[0]);
    if (argc > 1 && asks_for_help(argv[1])) {
        print_help(stdout, argv[0]);
        return EX_OK;
    }
    return complain(EX_USAGE, "'natsweep %s' needs one of its own subcommands%s%s%s; 'natsweep %s --help' lists them",
                    argv[0], argc > 1 ? ", not '" : "", argc > 1 ? argv[1] : "", argc > 1 ? "'" : "", argv[0]);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr, NULL);
        return EX_USAGE;
    }
    if (asks_for_help(argv[1])) {
        print_help(stdout, NULL);
        return EX_OK;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        (void)puts("natsweep " NATSWEEP_VERSION);
        return EX_OK;
    }
    int words = 0;
    struct cli cli = {.command = command_find(argc - 1, argv + 1, &words)};
    if (cli.command == NULL)
        return group_or_unknown(argc - 1, argv + 1);
    (void)signal(SIGPIPE, SIG_IGN); /* 'natsweep report | head' ends with a write error, not a signal */
    int code = cli.command->run(&cli, argc - 1 - words, argv + 1 + words);
    database_close(&cli.database);
    return code == CLI_HELPED ? EX_OK : code;
}
