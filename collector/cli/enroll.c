#include "cli/commands.h"
#include "cli/complain.h"

#include "base/random.h"
#include "proto/bytea.h"
#include "proto/token.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sysexits.h>

/* The token goes through a pipe: in an argument every user of the host could read it in the list of processes. */
#define COMMAND_FORMAT                                                                                                 \
    "command -v natsweep-agent >/dev/null || apt-get install -y %s && echo %s | natsweep-agent enroll --token -"
#define PACKAGE_BYTES_MAX 200
/* What neither a shell nor apt takes for anything but a part of a name or a path. */
#define PACKAGE_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+/-"

/* clang-format off */
static const char ENDPOINTS_SQL[] =
    "select e.public_key, u.endpoint"
    " from natsweep.collector_endpoint e"
    " join natsweep.collector c on c.collector_id = e.collector_id"
    " cross join lateral unnest(e.enroll_endpoints) as u (endpoint)"
    " where $1::text is null or c.name = $1"
    " order by c.lease_until desc, u.endpoint";

static const char TOKEN_SQL[] =
    "select natsweep.create_token($1, $2, $3::bytea, $4::integer,"
    "  case when $6::boolean then $5::text::timestamptz - now() else natsweep.time_span('--expires', $5) end, $7::boolean)";
/* clang-format on */

/* What the operator said. */
struct wish {
    const char *customer, *site, *collector, *expires, *package;
    long uses;
    bool approve;
    struct words endpoints;
};

static bool is_package(const char *text)
{
    size_t len = strlen(text);
    return len <= PACKAGE_BYTES_MAX && strspn(text, PACKAGE_CHARACTERS) == len && text[0] != '-';
}

static int parse_wish(struct cli *cli, int argc, char *const *argv, struct wish *wish)
{
    struct words operands = {0};
    const struct flag flags[] = {
        {"--customer", FLAG_TEXT, &wish->customer, "NAME", "whose agent it will be (needed)"},
        {"--site", FLAG_TEXT, &wish->site, "NAME",
         "the site it joins; otherwise each host makes a site of its own name"},
        {"--uses", FLAG_NUMBER, &wish->uses, "N", "how many hosts may use the token (default 1)"},
        {"--expires", FLAG_TEXT, &wish->expires, "T",
         "how long it is good for, such as '24 hours' (default), or until when"},
        {"--approve", FLAG_SWITCH, &wish->approve, NULL,
         "each agent waits until 'natsweep agent approve' lets it work"},
        {"--enroll-endpoint", FLAG_LIST, &wish->endpoints, "tcp://HOST:PORT",
         "where to enrol, when hosts reach the collector by another name (may repeat)"},
        {"--collector", FLAG_TEXT, &wish->collector, "NAME", "only through this collector"},
        {"--package", FLAG_TEXT, &wish->package, "PACKAGE",
         "what apt installs there: natsweep-agent (default) from a source of the host's, or the path of a .deb"},
    };
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    if (wish->customer == NULL)
        return complain(EX_USAGE, "say whose agent it will be: --customer NAME");
    for (size_t i = 0; i < wish->endpoints.count; i++)
        if (!token_endpoint_valid(wish->endpoints.items[i]))
            return complain(EX_USAGE, "--enroll-endpoint is tcp://HOST:PORT, not '%s'", wish->endpoints.items[i]);
    if (!is_package(wish->package))
        return complain(EX_USAGE, "--package is a package's name or the path of a .deb, without spaces, not '%s'",
                        wish->package);
    return 0;
}

/* Endpoints beyond what a token holds are left out: the first ones belong to the collectors seen last. */
static void add_endpoint(struct token *token, const char *address, const uint8_t *key)
{
    if (token->endpoint_count == TOKEN_ENDPOINTS_MAX || strlen(address) >= WIRE_NAME_BYTES_MAX)
        return;
    struct token_endpoint *endpoint = &token->endpoints[token->endpoint_count++];
    memcpy(endpoint->server_key, key, CURVE_KEY_BYTES);
    memcpy(endpoint->address, address, strlen(address) + 1);
}

/* Endpoints that the operator gave are those of the first collector. */
static void add_row(const PGresult *result, int row, const struct wish *wish, const uint8_t *key, struct token *token)
{
    if (wish->endpoints.count == 0)
        add_endpoint(token, PQgetvalue(result, row, 1), key);
    for (size_t i = 0; row == 0 && i < wish->endpoints.count; i++)
        add_endpoint(token, wish->endpoints.items[i], key);
}

/* Rows of (key, endpoint). */
static int fill_endpoints(const PGresult *result, const struct wish *wish, struct token *token)
{
    for (int row = 0; row < PQntuples(result); row++) {
        size_t len = 0;
        unsigned char *key = must_have(PQunescapeBytea((const unsigned char *)PQgetvalue(result, row, 0), &len));
        if (len == CURVE_KEY_BYTES)
            add_row(result, row, wish, key, token);
        PQfreemem(key);
    }
    if (token->endpoint_count == 0)
        return complain(EX_CONFIG, "%s; start natsweep-collector first: it publishes its key and where to enrol",
                        wish->collector != NULL ? "no collector of that name has published where to enrol"
                                                : "no collector has published where to enrol");
    return 0;
}

static int find_endpoints(struct cli *cli, const struct wish *wish, struct token *token)
{
    const struct sql_parameters parameters = {.count = 1, .values = {wish->collector}};
    PGresult *result = NULL;
    int code = database_query(&cli->database, ENDPOINTS_SQL, &parameters, &result);
    if (code != 0)
        return code;
    code = fill_endpoints(result, wish, token);
    PQclear(result);
    return code;
}

static bool is_date(const char *text)
{
    return strspn(text, "0123456789") == 4 && text[4] == '-';
}

static int store(struct cli *cli, const struct wish *wish, const struct token *token)
{
    uint8_t digest[TOKEN_HASH_BYTES];
    char hash[BYTEA_TEXT_BYTES(TOKEN_HASH_BYTES)], uses[24];
    token_hash(token->secret, sizeof token->secret, digest);
    bytea_format(digest, sizeof digest, hash);
    (void)snprintf(uses, sizeof uses, "%ld", wish->uses);
    const struct sql_parameters parameters = {.count = 7,
                                              .values = {wish->customer, wish->site, hash, uses, wish->expires,
                                                         is_date(wish->expires) ? "true" : "false",
                                                         wish->approve ? "true" : "false"}};
    return database_execute(&cli->database, TOKEN_SQL, &parameters);
}

static int print_token(const struct cli *cli, const struct wish *wish, const char *text)
{
    char command[sizeof COMMAND_FORMAT + PACKAGE_BYTES_MAX + TOKEN_TEXT_BYTES], uses[24];
    (void)snprintf(command, sizeof command, COMMAND_FORMAT, wish->package, text);
    (void)snprintf(uses, sizeof uses, "%ld", wish->uses);
    if (cli->format == WRITER_TEXT) {
        (void)fprintf(stderr, "Run this as root on the PBX host. Whoever has it can join as %s.\n", wish->customer);
        (void)puts(command);
    } else {
        static const struct writer_column columns[] = {{"token", WRITER_WORDS},
                                                       {"command", WRITER_WORDS},
                                                       {"customer", WRITER_WORDS},
                                                       {"site", WRITER_WORDS},
                                                       {"uses", WRITER_NUMBER}};
        struct writer *writer = writer_create(cli->format, stdout);
        writer_begin(writer, WRITER_RECORD, columns, ARRAY_LEN(columns));
        writer_row(writer, (const char *const[]){text, command, wish->customer, wish->site, uses});
        writer_end(writer);
        if (writer_destroy(writer) != 0)
            return complain(EX_IOERR, "cannot write the token to standard output");
    }
    explicit_bzero(command, sizeof command);
    return 0;
}

int enroll_command(struct cli *cli, int argc, char *const *argv)
{
    struct wish wish = {.uses = 1, .expires = "24 hours", .package = "natsweep-agent"};
    int code = parse_wish(cli, argc, argv, &wish);
    if (code == 0)
        code = cli_connect(cli);
    struct token token = {0};
    if (code == 0)
        code = find_endpoints(cli, &wish, &token);
    char text[TOKEN_TEXT_BYTES];
    random_bytes(token.secret, sizeof token.secret);
    if (code == 0 && token_format(&token, text) != 0)
        code = complain(EX_CONFIG,
                        "a collector has published an endpoint that is not tcp://HOST:PORT; correct its settings");
    if (code == 0)
        code = store(cli, &wish, &token);
    if (code == 0)
        code = print_token(cli, &wish, text);
    explicit_bzero(&token, sizeof token);
    explicit_bzero(text, sizeof text);
    return code;
}
