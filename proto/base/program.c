#include "base/program.h"

#include <getopt.h>
#include <sysexits.h>

/* What getopt says; from OPTION_FLAGS on the program's own. */
enum {
    OPTION_NONE,
    OPTION_SETTINGS = 's',
    OPTION_PRINT_SETTINGS = 'p',
    OPTION_VERSION = 'v',
    OPTION_HELP = 'h',
    OPTION_FLAGS = 256
};

static void print_flag(const char *name, const char *help)
{
    printf("  --%-14s  %s\n", name, help);
}

static int print_help(const struct program *program)
{
    printf("usage: %s [--settings FILE] [%s]\n\n%s\n\n  --settings FILE   default %s\n", program->name,
           program->instead, program->help, program->settings_path);
    for (size_t i = 0; i < program->flag_count; i++)
        print_flag(program->flags[i].name, program->flags[i].help);
    print_flag("print-settings", "print a settings file with every setting explained");
    print_flag("version", "print the version");
    print_flag("help", "print this");
    return EX_OK;
}

static int refuse(const struct program *program, const char *word, const char *what)
{
    fprintf(stderr, "%s: '%s' %s; '%s --help' lists the flags\n", program->name, word, what, program->name);
    return EX_USAGE;
}

static int run(const struct program *program, int option, const char *settings_path)
{
    switch (option) {
    case OPTION_NONE: return program->serve(settings_path);
    case OPTION_PRINT_SETTINGS: program->print_settings(stdout); return EX_OK;
    case OPTION_VERSION: printf("%s %s\n", program->name, NATSWEEP_VERSION); return EX_OK;
    case OPTION_HELP: return print_help(program);
    default: return program->flags[option - OPTION_FLAGS].run(settings_path);
    }
}

int program_main(const struct program *program, int argc, char **argv)
{
    struct option options[PROGRAM_FLAGS_MAX + 5] = {
        {"settings", required_argument, NULL, OPTION_SETTINGS},
        {"print-settings", no_argument, NULL, OPTION_PRINT_SETTINGS},
        {"version", no_argument, NULL, OPTION_VERSION},
        {"help", no_argument, NULL, OPTION_HELP},
    };
    for (int i = 0; i < (int)program->flag_count; i++)
        options[4 + i] = (struct option){program->flags[i].name, no_argument, NULL, OPTION_FLAGS + i};
    const char *settings_path = program->settings_path;
    int chosen = OPTION_NONE;
    opterr = 0; /* getopt's own words name the file of the program */
    for (int at = 1, option; (option = getopt_long(argc, argv, "+:h", options, NULL)) != -1; at = optind) {
        if (option == ':')
            return refuse(program, argv[at], "needs a value");
        if (option == '?')
            return refuse(program, argv[at], "is no flag of this program, or takes no value");
        if (option == OPTION_SETTINGS)
            settings_path = optarg;
        else
            chosen = option;
    }
    if (optind == argc)
        return run(program, chosen, settings_path);
    return refuse(program, argv[optind], "is unexpected");
}

int program_fail(const struct program *program, int exit_code, const char *message)
{
    fprintf(stderr, "%s: %s\n", program->name, message);
    return exit_code;
}
