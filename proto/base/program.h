/* The command line of a program that serves until SIGTERM: --settings FILE, what it can do instead of serving, and the
 * flags that every program has. --help is printed from the same table. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "base/attributes.h"
#include "base/settings.h"

#include <stddef.h>
#include <stdio.h>

/* Something that is done with the settings; returns the exit code. */
typedef int program_task(const char *settings_path);

struct program_flag {
    const char *name; /* "check": done instead of serving */
    program_task *run;
    const char *help;
};

struct program {
    const char *name;
    const char *instead; /* the flags that the usage line shows: "--check | --print-settings" */
    const char *help;    /* what it does, in a line */
    const char *settings_path;
    program_task *serve;
    void (*print_settings)(FILE *out);
    const struct program_flag *flags;
    size_t flag_count;
};

#define PROGRAM_FLAGS_MAX 8

/* All of main(). */
int program_main(const struct program *program, int argc, char **argv) MUST_CHECK;

/* Says on stderr why the program does not do what it was asked; returns `exit_code`. */
int program_fail(const struct program *program, int exit_code, const char *message);

#endif
