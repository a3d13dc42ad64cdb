#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/secret.h"

#include <string.h>
#include <sysexits.h>

/* The database gets a verifier only: no statement, and so no log, ever holds the password. */
static int make_verifier(struct database *database, const char *path, const char *role, char **verifier)
{
    char password[SECRET_BYTES_MAX];
    int code = secret_read(path, "password", password);
    if (code == 0) {
        *verifier = PQencryptPasswordConn(database->connection, password, role, "scram-sha-256");
        if (*verifier == NULL)
            code = complain(EX_SOFTWARE, "cannot make a SCRAM-SHA-256 verifier of the password");
    }
    explicit_bzero(password, sizeof password);
    return code;
}

int user_add_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL, *as = NULL, *password_file = NULL;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--as", FLAG_TEXT, &as, "KIND", "viewer, operator, admin or collector (needed)"},
        {"--customer", FLAG_TEXT, &customer, "NAME", "whose sites a viewer or operator sees"},
        {"--password-file", FLAG_TEXT, &password_file, "FILE",
         "its first line is the password, - is standard input; otherwise none"},
    };
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code != 0)
        return code;
    if (as == NULL)
        return complain(EX_USAGE, "say what the user may do: --as viewer, operator, admin or collector");
    char *verifier = NULL;
    code = cli_connect(cli);
    if (code == 0 && password_file != NULL)
        code = make_verifier(&cli->database, password_file, operands.items[0], &verifier);
    const struct sql_parameters parameters = {.count = 4, .values = {operands.items[0], verifier, customer, as}};
    if (code == 0)
        code = cli_show(cli,
                        "select $1::text as role, $4::text as kind, $3::text as customer"
                        " from (select natsweep.add_user($1::name, $2, $3, $4)) as added",
                        &parameters, WRITER_RECORD);
    PQfreemem(verifier);
    return code;
}
