#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/secret.h"

#include "base/random.h"
#include "proto/bytea.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define MADE_BYTES 32
#define TEST_PATIENCE_MS 45000 /* an attempt takes 15 s at most, and another event may be under way */
#define TEST_ASK_MS 500

/* clang-format off */
static const char ADD_SQL[] =
    "select $2::text as webhook, $1::text as customer, $7::text as secret"
    " from (select natsweep.add_webhook($1, $2, $3, $4::bytea, make_interval(secs => $5::bigint), $6::boolean)) as added";
static const char LIST_SQL[] =
    "select webhook, customer, host, waiting, delivered, dropped, last_status, failing_since, last_error, next_attempt"
    " from natsweep.webhook_status where $1::text is null or customer = $1 order by customer, webhook";
static const char REMOVE_SQL[] =
    "select $2::text as webhook, $1::text as customer, natsweep.remove_webhook($1, $2) as waited";
static const char RESULT_SQL[] =
    "select delivery_id as delivery, state, attempts, status, error from natsweep.webhook_delivery"
    " where delivery_id = $1::uuid and ($2::boolean or attempts > 0 and lease is null)";
/* clang-format on */

/* As hexadecimal digits, which people can copy; these characters are the key. */
static void make_secret(char secret[SECRET_BYTES_MAX])
{
    uint8_t bytes[MADE_BYTES];
    char text[BYTEA_TEXT_BYTES(MADE_BYTES)];
    random_bytes(bytes, sizeof bytes);
    (void)snprintf(secret, SECRET_BYTES_MAX, "%s", bytea_format(bytes, sizeof bytes, text) + strlen("\\x"));
}

/* Prints the secret only when it was made here: who brought one has it. */
static int add(struct cli *cli, const char *const fixed[], const char *secret_file)
{
    char secret[SECRET_BYTES_MAX], encoded[BYTEA_TEXT_BYTES(SECRET_BYTES_MAX)];
    int code = 0;
    if (secret_file != NULL)
        code = secret_read(secret_file, "secret", secret);
    else
        make_secret(secret);
    if (code == 0) {
        const struct sql_parameters parameters = {
            .count = 7,
            .values = {fixed[0], fixed[1], fixed[2], bytea_format((const uint8_t *)secret, strlen(secret), encoded),
                       fixed[3], fixed[4], secret_file == NULL ? secret : NULL}};
        code = cli_show(cli, ADD_SQL, &parameters, WRITER_RECORD);
    }
    explicit_bzero(secret, sizeof secret);
    explicit_bzero(encoded, sizeof encoded);
    return code;
}

int webhook_add_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL, *url = NULL, *secret_file = NULL, *hold = "120";
    bool private_allowed = false;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--customer", FLAG_TEXT, &customer, "NAME", "whose changes are told (needed)"},
        {"--url", FLAG_TEXT, &url, "URL", "where to, an https address (needed)"},
        {"--secret-file", FLAG_TEXT, &secret_file, "FILE",
         "its first line is the key of the signatures, - is standard input; otherwise one is made and printed"},
        {"--hold", FLAG_TEXT, &hold, "SECONDS",
         "tell a change so much later, and only if it still holds (default 120)"},
        {"--allow-private", FLAG_SWITCH, &private_allowed, NULL, "the address may be one of a private network"},
    };
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code != 0)
        return code;
    if (customer == NULL || url == NULL)
        return complain(EX_USAGE, "say whose changes go where: --customer NAME --url https://HOST/PATH");
    if (cli_check_number(hold, "seconds to hold a change") != 0)
        return EX_USAGE;
    const char *const fixed[] = {customer, operands.items[0], url, hold, private_allowed ? "true" : "false"};
    return add(cli, fixed, secret_file);
}

int webhook_list_command(struct cli *cli, int argc, char *const *argv)
{
    const char *customer = NULL;
    struct words operands = {0};
    const struct flag flags[] = {{"--customer", FLAG_TEXT, &customer, "NAME", "only this customer's"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    const struct sql_parameters parameters = {.count = 1, .values = {customer}};
    return code != 0 ? code : cli_show(cli, LIST_SQL, &parameters, WRITER_TABLE);
}

/* Reads what names one webhook. */
static int parse_one(struct cli *cli, int argc, char *const *argv, struct sql_parameters *parameters)
{
    const char *customer = NULL;
    struct words operands = {0};
    const struct flag flags[] = {{"--customer", FLAG_TEXT, &customer, "NAME", "whose it is (needed)"}};
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code == 0 && customer == NULL)
        code = complain(EX_USAGE, "say whose webhook it is: --customer NAME");
    *parameters = (struct sql_parameters){.count = 2, .values = {customer, operands.items[0]}};
    return code;
}

int webhook_remove_command(struct cli *cli, int argc, char *const *argv)
{
    struct sql_parameters parameters;
    int code = parse_one(cli, argc, argv, &parameters);
    return code != 0 ? code : cli_show(cli, REMOVE_SQL, &parameters, WRITER_RECORD);
}

/* Until some collector has tried; *state is what became of it, "" without an attempt. */
static int wait_for_attempt(struct cli *cli, const char *delivery, char state[16])
{
    const struct sql_parameters parameters = {.count = 2, .values = {delivery, "false"}};
    state[0] = '\0';
    for (int waited_ms = 0; waited_ms < TEST_PATIENCE_MS && state[0] == '\0'; waited_ms += TEST_ASK_MS) {
        PGresult *result = NULL;
        (void)poll(NULL, 0, TEST_ASK_MS);
        int code = database_query(&cli->database, RESULT_SQL, &parameters, &result);
        if (code != 0)
            return code;
        if (PQntuples(result) == 1)
            (void)snprintf(state, 16, "%s", PQgetvalue(result, 0, 1));
        PQclear(result);
    }
    return 0;
}

static int show_attempt(struct cli *cli, const char *delivery)
{
    char state[16];
    int code = wait_for_attempt(cli, delivery, state);
    const struct sql_parameters parameters = {.count = 2, .values = {delivery, "true"}};
    if (code == 0)
        code = cli_show(cli, RESULT_SQL, &parameters, WRITER_RECORD);
    if (code == 0 && state[0] == '\0')
        code = complain(EX_TEMPFAIL, "no collector has tried yet; does one run that may send webhooks?");
    return code == 0 && strcmp(state, "delivered") != 0 ? EX_UNAVAILABLE : code;
}

int webhook_test_command(struct cli *cli, int argc, char *const *argv)
{
    struct sql_parameters parameters;
    PGresult *result = NULL;
    int code = parse_one(cli, argc, argv, &parameters);
    if (code == 0)
        code = cli_connect(cli);
    if (code == 0)
        code = database_query(&cli->database, "select natsweep.test_webhook($1, $2)", &parameters, &result);
    if (code != 0)
        return code;
    code = show_attempt(cli, PQgetvalue(result, 0, 0));
    PQclear(result);
    return code;
}
