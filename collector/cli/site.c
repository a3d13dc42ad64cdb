#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/site_name.h"
#include "cli/sql_array.h"

#include <stdlib.h>
#include <sysexits.h>

/* clang-format off */
static const char ADD_SQL[] =
    "select natsweep.create_site($1, $2, $3::text[]) as site_id, $2::text as site, $1::text as customer";

static const char SITES_SQL[] =
    "select s.name as site, c.name as customer, to_jsonb(s.tags) as tags, count(a.agent_id) as agents, s.created_at"
    " from natsweep.site s"
    " join natsweep.customer c on c.customer_id = s.customer_id"
    " left join natsweep.agent a on a.site_id = s.site_id and a.state <> 'revoked'"
    " where $1::text is null or c.name = $1"
    " group by s.site_id, c.customer_id order by c.name, s.name";

/* tag_site() replaces all tags; the names it wants are those of the site's number. */
static const char TAG_SQL[] =
    "with wanted as ("
    "  select c.name as customer, s.name as site, array("
    "    select distinct t from unnest(s.tags || $2::text[]) as t where t <> all ($3::text[]) order by t) as tags"
    "  from natsweep.site s"
    "  join natsweep.customer c on c.customer_id = s.customer_id"
    "  where s.site_id = $1::bigint),"
    " done as materialized (select natsweep.tag_site(customer, site, tags) from wanted)"
    " select w.site, w.customer, to_jsonb(w.tags) as tags from wanted w, done";

/* The functions want names, those of the site's number. */
static const char REMOVE_SQL[] =
    "select s.name as site, c.name as customer, natsweep.remove_site(c.name, s.name) as cancelled"
    " from natsweep.site s join natsweep.customer c on c.customer_id = s.customer_id where s.site_id = $1::bigint";
static const char MOVE_SQL[] =
    "select s.name as site, $2::text as customer, natsweep.move_site(c.name, s.name, $2) as cancelled"
    " from natsweep.site s join natsweep.customer c on c.customer_id = s.customer_id where s.site_id = $1::bigint";
/* clang-format on */

int site_add_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL;
    struct words operands = {0}, tags = {0};
    const struct flag flags[] = {{"--customer", FLAG_TEXT, &customer, "NAME", "whose site it is (needed)"},
                                 {"--tag", FLAG_LIST, &tags, "TAG", "a tag, such as berlin or isp=acme (may repeat)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code != 0)
        return code;
    if (customer == NULL)
        return complain(EX_USAGE, "say whose site it is: --customer NAME");
    char *array = sql_array(&tags);
    const struct sql_parameters parameters = {.count = 3, .values = {customer, operands.items[0], array}};
    code = cli_show(cli, ADD_SQL, &parameters, WRITER_RECORD);
    free(array);
    return code;
}

int site_list_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL;
    struct words operands = {0};
    const struct flag flags[] = {{"--customer", FLAG_TEXT, &customer, "NAME", "only this customer's"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = 1, .values = {customer}};
    return cli_show(cli, SITES_SQL, &parameters, WRITER_TABLE);
}

int site_tag_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL;
    struct words operands = {0}, added = {0}, removed = {0};
    const struct flag flags[] = {
        {"--customer", FLAG_TEXT, &customer, "NAME", "whose site it is, when several have one of that name"},
        {"--add", FLAG_LIST, &added, "TAG", "a tag to put on (may repeat)"},
        {"--remove", FLAG_LIST, &removed, "TAG", "a tag to take off (may repeat)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code != 0)
        return code;
    if (added.count + removed.count == 0)
        return complain(EX_USAGE, "say which tags: --add TAG or --remove TAG");
    struct site_name site;
    code = cli_connect(cli);
    if (code == 0)
        code = site_name_find(&cli->database, operands.items[0], customer, &site);
    if (code != 0)
        return code;
    char *adds = sql_array(&added), *removes = sql_array(&removed);
    const struct sql_parameters parameters = {.count = 3, .values = {site.id, adds, removes}};
    code = cli_show(cli, TAG_SQL, &parameters, WRITER_RECORD);
    free(adds);
    free(removes);
    site_name_free(&site);
    return code;
}

/* Runs a statement about the site of a name; `more` is its second parameter. */
static int change(struct cli *cli, const char *name, const char *customer, const char *sql, const char *more)
{
    struct site_name site;
    int code = cli_connect(cli);
    if (code == 0)
        code = site_name_find(&cli->database, name, customer, &site);
    if (code != 0)
        return code;
    const struct sql_parameters parameters = {.count = more != NULL ? 2 : 1, .values = {site.id, more}};
    code = cli_show(cli, sql, &parameters, WRITER_RECORD);
    site_name_free(&site);
    return code;
}

int site_remove_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--customer", FLAG_TEXT, &customer, "NAME", "whose site it is, when several have one of that name"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    return code != 0 ? code : change(cli, operands.items[0], customer, REMOVE_SQL, NULL);
}

int site_move_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL, *new_customer = NULL;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--customer", FLAG_TEXT, &customer, "NAME", "whose site it is, when several have one of that name"},
        {"--to", FLAG_TEXT, &new_customer, "NAME", "whose it will be (needed)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code != 0)
        return code;
    if (new_customer == NULL)
        return complain(EX_USAGE, "say whose site it will be: --to NAME");
    return change(cli, operands.items[0], customer, MOVE_SQL, new_customer);
}
