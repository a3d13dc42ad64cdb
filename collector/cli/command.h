/* A subcommand and what all of them share: the flags --dsn, --format and --help, the connection, and the way out. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/attributes.h"
#include "cli/database.h"
#include "cli/flags.h"
#include "cli/writer.h"

#define CLI_HELPED (-1) /* --help was printed: nothing is left to do, and that is success */

struct cli {
    const struct command *command; /* the one that runs */
    const char *dsn;               /* NULL: libpq's environment */
    enum writer_format format;
    bool *page; /* where a command can make a page of HTML: set by --format html; NULL: it cannot */
    struct database database;
};

struct command {
    const char *words; /* "customer add" */
    const char *operands;
    const char *help;
    int (*run)(struct cli *cli, int argc,
               char *const *argv); /* argv without the command's words; returns the exit code */
};

/* Reads the command line: the shared flags and the command's own. `count_min` to `count_max` operands are wanted.
 * Returns 0, CLI_HELPED, or an exit code. */
int cli_parse(struct cli *cli, const struct flag_table *own, int argc, char *const *argv, struct words *operands,
              size_t count_min, size_t count_max) MUST_CHECK;

/* Connects, and refuses a schema that does not fit. Returns 0 or an exit code. */
int cli_connect(struct cli *cli) MUST_CHECK;

/* Connects, runs one statement and prints what it returns. Returns the exit code. */
int cli_show(struct cli *cli, const char *sql, const struct sql_parameters *parameters,
             enum writer_shape shape) MUST_CHECK;

/* Refuses an operand that is no number of a request or an agent ("what"). Returns 0 or EX_USAGE. */
int cli_check_number(const char *operand, const char *what) MUST_CHECK;

#endif
