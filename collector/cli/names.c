#include "cli/commands.h"
#include "cli/complain.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define LIMIT " order by 1 limit 2000" /* more than anybody chooses from */

static const struct {
    const char *what, *sql;
} lists[] = {
    {"customers", "select name::text from natsweep.customer" LIMIT},
    {"sites", "select distinct name::text from natsweep.site" LIMIT},
    {"tags", "select distinct unnest(tags) from natsweep.site" LIMIT},
};

static const char *sql_of(const char *what)
{
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (strcmp(lists[i].what, what) == 0)
            return lists[i].sql;
    return NULL;
}

static int print_lines(struct cli *cli, const char *sql)
{
    PGresult *rows = NULL;
    int code = cli_connect(cli);
    if (code == 0)
        code = database_query(&cli->database, sql, NULL, &rows);
    if (code != 0)
        return code;
    for (int row = 0; row < PQntuples(rows); row++)
        (void)puts(PQgetvalue(rows, row, 0));
    PQclear(rows);
    return fflush(stdout) == 0 ? 0 : complain(EX_IOERR, "cannot write to standard output");
}

int names_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 1, 1);
    if (code != 0)
        return code;
    const char *sql = sql_of(operands.items[0]);
    if (sql == NULL)
        return complain(EX_USAGE, "there are names of customers, sites or tags, not of '%s'", operands.items[0]);
    return cli->format == WRITER_TEXT ? print_lines(cli, sql) : cli_show(cli, sql, NULL, WRITER_TABLE);
}
