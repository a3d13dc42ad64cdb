/* The command line of a subcommand: one table of flags that its parser and its --help share. */
#ifndef AGENT_FLAGS_H
#define AGENT_FLAGS_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdio.h>

#define FLAGS_MESSAGE_BYTES 512
#define FLAGS_READ (-1) /* no exit code: the subcommand goes on */

struct flag {
    const char *name;  /* without the dashes; "help" is in every table by itself */
    const char *value; /* what it takes, for --help and errors; NULL = nothing */
    const char *help;
    int (*set)(void *field, const char *value); /* -EINVAL: value is not what `allowed` says */
    size_t field;                               /* where in the subcommand's options */
    const char *allowed;
};

struct flag_table {
    const char *subcommand; /* "check" */
    const char *about;      /* what it does, a sentence or two */
    const char *exits;      /* what its exit codes mean; NULL = nothing to say */
    const char *no_word;    /* why it takes no word but flags; NULL = for no special reason */
    const struct flag *flags;
    size_t count;
};

int flag_text(void *field, const char *value); /* of a const char * */
int flag_on(void *field, const char *value);   /* of a bool */

/* Reads argv[1..argc-1], flags in any order, as "--flag value" or "--flag=value", into `options`. Returns 0, 1 when
 * help is wanted, or -EINVAL with one sentence in `message`. */
int flags_read(const struct flag_table *table, int argc, char **argv, void *options,
               char message[FLAGS_MESSAGE_BYTES]) MUST_CHECK;
void flags_help(const struct flag_table *table, FILE *out);

/* The same for a subcommand that leaves help and complaint to it: returns FLAGS_READ or what to exit with. */
int flags_parse(const struct flag_table *table, int argc, char **argv, void *options) MUST_CHECK;

#endif
