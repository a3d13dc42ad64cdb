#include "cli/commands.h"
#include "cli/complain.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define PATH_BYTES 4096

static bool holds_plan(const char *folder)
{
    char path[PATH_BYTES];
    int len = snprintf(path, sizeof path, "%s/sqitch.plan", folder);
    return len > 0 && (size_t)len < sizeof path && access(path, R_OK) == 0;
}

/* The flag, the environment, where it is installed, where it was built: the first that says anything. */
static int find_schema(const char *flag, const char **out)
{
    const char *said = flag != NULL ? flag : getenv("NATSWEEP_SCHEMA_DIR");
    const char *folder = said != NULL ? said : NATSWEEP_SCHEMA_INSTALLED;
    if (said == NULL && !holds_plan(folder))
        folder = NATSWEEP_SCHEMA_SOURCE;
    if (!holds_plan(folder))
        return complain(EX_NOINPUT, "there is no natsweep schema in '%s'; say where it is with --schema-dir", folder);
    *out = folder;
    return 0;
}

static int check_rights(struct database *database)
{
    PGresult *result = NULL;
    int code = database_query(
        database,
        "select r.rolsuper or (has_database_privilege(current_database(), 'create') and exists (select from"
        " pg_roles o where o.rolname = 'natsweep_owner' and pg_has_role(o.oid, 'member')))"
        " from pg_roles r where r.rolname = current_user",
        NULL, &result);
    if (code != 0)
        return code;
    if (PQgetvalue(result, 0, 0)[0] != 't')
        code = complain(
            EX_NOPERM,
            "the role '%s' may not make the schema; connect as a superuser, or as a member of natsweep_owner that may"
            " create in the database '%s'",
            PQuser(database->connection), PQdb(database->connection));
    PQclear(result);
    return code;
}

/* sqitch and the psql it runs get the connection by the environment: a password never stands in an argument. */
static void export_connection(PGconn *connection)
{
    PQconninfoOption *options = must_have(PQconninfo(connection));
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
        if (option->envvar != NULL && option->val != NULL && option->val[0] != '\0')
            (void)setenv(option->envvar, option->val, 1);
    PQconninfoFree(options);
}

/* What sqitch prints goes to stderr, as stdout is for the result. Whether the scripts do what they say is for the
 * tests: to verify each would take as long again. */
static int run_sqitch(const char *folder)
{
    char *const argv[] = {"sqitch", "--chdir", (char *)folder, "deploy", "--no-verify", "--target", "db:pg:", NULL};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO) != 0)
        return complain(EX_OSERR, "out of memory");
    pid_t child = 0;
    int error = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ), status = 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT)
        return complain(
            EX_UNAVAILABLE,
            "sqitch is not installed, and it makes the schema; install the packages sqitch and libdbd-pg-perl");
    if (error != 0 || waitpid(child, &status, 0) < 0)
        return complain(EX_OSERR, "cannot run sqitch: %s", strerror(error != 0 ? error : errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return complain(EX_SOFTWARE,
                        "sqitch could not deploy the schema; it says why above, and what it had deployed before stays");
    return 0;
}

int init_command(struct cli *cli, int argc, char *const *argv)
{
    const char *flag = NULL, *folder = NULL;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--schema-dir", FLAG_TEXT, &flag, "DIR",
         "the folder with sqitch.plan (otherwise NATSWEEP_SCHEMA_DIR, or where it is installed)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code == 0)
        code = find_schema(flag, &folder);
    if (code == 0)
        code = database_connect(&cli->database, cli->dsn);
    if (code == 0)
        code = check_rights(&cli->database);
    if (code != 0)
        return code;
    export_connection(cli->database.connection);
    code = run_sqitch(folder);
    if (code == 0)
        code = database_check_schema(&cli->database);
    if (code == 0)
        code = cli_show(cli, "select current_database() as database, natsweep.schema_version() as schema_version", NULL,
                        WRITER_RECORD);
    return code;
}
