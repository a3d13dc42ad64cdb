#include "cli/commands.h"

/* clang-format off */
static const char REJUDGE_SQL[] =
    "select natsweep.judge_again(case when $1::text is null then '-infinity'::timestamptz else $1::text::timestamptz end) as sites";
/* clang-format on */

int rejudge_command(struct cli *cli, int argc, char *const *argv)
{
    const char *since = NULL;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--since", FLAG_TEXT, &since, "T", "only what was swept since then, such as 2026-01-31 (default all)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 1, .values = {since}};
    return cli_show(cli, REJUDGE_SQL, &parameters, WRITER_RECORD);
}
