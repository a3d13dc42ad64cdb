#include "cli/command.h"

#include "cli/complain.h"

#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#define NUMBER_DIGITS_MAX 18 /* what fits a bigint whatever the digits */

static void print_help(const struct command *command, const struct flag_table *own, const struct flag_table *shared)
{
    printf("usage: natsweep %s%s%s [FLAG]...\n\n%s.\n\n", command->words, command->operands[0] != '\0' ? " " : "",
           command->operands, command->help);
    flags_print(own, stdout);
    flags_print(shared, stdout);
}

static int check_operands(const struct cli *cli, const struct words *operands, size_t count_min, size_t count_max)
{
    const struct command *command = cli->command;
    if (operands->count > count_max)
        return complain(EX_USAGE, "'%s' is one word too many; 'natsweep %s --help' shows what there is to say",
                        operands->items[count_max], command->words);
    if (operands->count < count_min)
        return complain(EX_USAGE, "a word is missing; usage: natsweep %s %s", command->words, command->operands);
    return 0;
}

int cli_parse(struct cli *cli, const struct flag_table *own, int argc, char *const *argv, struct words *operands,
              size_t count_min, size_t count_max)
{
    const char *format = "text";
    bool help = false;
    const struct flag shared_flags[] = {
        {"--dsn", FLAG_TEXT, &cli->dsn, "DSN",
         "connection string or URI; otherwise the PG environment variables say where"},
        {"--format", FLAG_TEXT, &format, "FORMAT",
         cli->page != NULL ? "text (default), json, csv or html" : "text (default), json or csv"},
        {"--help", FLAG_SWITCH, &help, NULL, "print this"},
    };
    const struct flag_table none = {NULL, 0}, shared = {shared_flags, ARRAY_LEN(shared_flags)};
    const struct flag_table tables[] = {own != NULL ? *own : none, shared};
    int code = flags_parse(tables, ARRAY_LEN(tables), argc, argv, operands);
    if (code != 0)
        return code;
    if (help) {
        print_help(cli->command, &tables[0], &shared);
        return CLI_HELPED;
    }
    if (cli->page != NULL && strcmp(format, "html") == 0)
        *cli->page = true;
    else if (writer_format_parse(format, &cli->format) != 0)
        return complain(EX_USAGE, "--format is text, json%s, not '%s'", cli->page != NULL ? ", csv or html" : " or csv",
                        format);
    return check_operands(cli, operands, count_min, count_max);
}

int cli_connect(struct cli *cli)
{
    int code = database_connect(&cli->database, cli->dsn);
    if (code == 0)
        code = database_check_schema(&cli->database);
    return code;
}

/* 0: no terminal. */
static int terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int cli_show(struct cli *cli, const char *sql, const struct sql_parameters *parameters, enum writer_shape shape)
{
    int code = cli->database.connection == NULL ? cli_connect(cli) : 0;
    if (code != 0)
        return code;
    struct writer *writer = writer_create(cli->format, stdout);
    writer_fold(writer, terminal_columns());
    code = database_show(&cli->database, sql, parameters, shape, writer);
    if (writer_destroy(writer) != 0 && code == 0)
        code = complain(EX_IOERR, "cannot write the result to standard output");
    return code;
}

int cli_check_number(const char *operand, const char *what)
{
    size_t digits = strspn(operand, "0123456789");
    if (digits == 0 || digits > NUMBER_DIGITS_MAX || operand[digits] != '\0')
        return complain(EX_USAGE, "'%s' is not the number of %s", operand, what);
    return 0;
}
