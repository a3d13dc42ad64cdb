#include "agent/enroll.h"

#include "agent/flags.h"
#include "agent/service.h"
#include "agent/settings.h"
#include "agent/state_folder.h"
#include "base/curve_key.h"
#include "base/file.h"
#include "pbx/tool.h"
#include "proto/token.h"
#include "proto/wire.h"
#include "uplink/enrolment.h"
#include "uplink/introduction.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

struct enrolling {
    struct agent_settings settings;
    struct token token;
    struct curve_key_pair key;
    void *context;
};

static const struct enroll_verdict verdicts[] = {
    {NATSWEEP__ENROLLED__STATUS__ENROLLED, EX_OK, "this agent is enrolled"},
    {NATSWEEP__ENROLLED__STATUS__PENDING, ENROLL_PENDING,
     "this agent is enrolled and starts to work when an operator approves it"},
    {NATSWEEP__ENROLLED__STATUS__TOKEN_USED, ENROLL_TOKEN_USED,
     "the token is used up; ask for a new one ('natsweep enroll')"},
    {NATSWEEP__ENROLLED__STATUS__TOKEN_EXPIRED, ENROLL_TOKEN_EXPIRED,
     "the token has expired; ask for a new one ('natsweep enroll')"},
    {NATSWEEP__ENROLLED__STATUS__TOKEN_UNKNOWN, ENROLL_TOKEN_UNKNOWN,
     "the collector does not know this token; was it withdrawn, or made for another fleet?"},
    {NATSWEEP__ENROLLED__STATUS__KEY_KNOWN, ENROLL_KEY_KNOWN,
     "this host's key is enrolled elsewhere already, as on a copied machine; remove the key in the state folder and "
     "enroll again"},
    {NATSWEEP__ENROLLED__STATUS__REVOKED, ENROLL_REVOKED,
     "this agent was revoked; to bring it back remove the key in the state folder and enroll with a new token"},
    {NATSWEEP__ENROLLED__STATUS__UNAVAILABLE, EX_TEMPFAIL,
     "the collector cannot enroll anybody just now; try again in a minute"},
};

static const struct enroll_verdict no_verdict = {NATSWEEP__ENROLLED__STATUS__STATUS_UNKNOWN, EX_PROTOCOL,
                                                 "the collector gave an answer that this version does not know"};

const struct enroll_verdict *enroll_verdict(Natsweep__Enrolled__Status status)
{
    for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
        if (verdicts[i].status == status)
            return &verdicts[i];
    return &no_verdict;
}

static int PRINTF_LIKE(2, 3) fail(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("natsweep-agent enroll: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return code;
}

/* --- the token --- */

static int read_stdin(char text[TOKEN_TEXT_BYTES])
{
    if (isatty(STDIN_FILENO))
        fputs("Token: ", stderr);
    if (!fgets(text, (int)TOKEN_TEXT_BYTES, stdin))
        return fail(EX_NOINPUT, "no token on standard input");
    return EX_OK;
}

static int read_token(const char *source, struct token *token)
{
    char text[TOKEN_TEXT_BYTES + 2] = ""; /* and an end of line */
    if (strncmp(source, TOKEN_PREFIX, strlen(TOKEN_PREFIX)) == 0)
        return fail(EX_USAGE, "a token is a secret and arguments are seen by everybody: put it in a file and give "
                              "--token FILE, or pipe it in with --token -");
    int code = EX_OK, error;
    if (strcmp(source, "-") == 0)
        code = read_stdin(text);
    else if ((error = file_read(source, text, sizeof text, NULL)) != 0)
        code = fail(EX_NOINPUT, "cannot read the token file %s: %s", source, strerror(-error));
    if (code == EX_OK) {
        error = token_parse(text, token);
        if (error == -EPROTONOSUPPORT)
            code = fail(EX_DATAERR, "the token is of a newer version than this agent (" NATSWEEP_VERSION ")");
        else if (error == -EBADMSG)
            code = fail(EX_DATAERR, "the token was cut short or mistyped; copy it again");
        else if (error)
            code = fail(EX_DATAERR, "this is no enrolment token: one begins with " TOKEN_PREFIX);
    }
    explicit_bzero(text, sizeof text);
    return code;
}

/* --- the key --- */

static int make_key(const char *path, struct curve_key_pair *key)
{
    int error = curve_key_generate(key);
    if (!error)
        error = curve_key_save(path, key);
    return error ? fail(EX_CANTCREAT, "cannot write the key %s: %s", path, strerror(-error)) : EX_OK;
}

static int have_key(struct enrolling *enrolling)
{
    char path[STATE_PATH_BYTES];
    int error = curve_key_load(state_path(enrolling->settings.state_folder, STATE_KEY, path), &enrolling->key);
    if (error == -ENOENT)
        return make_key(path, &enrolling->key);
    if (error == -EPERM)
        return fail(EX_NOPERM, "the key %s must belong to the agent's user and be readable by nobody else (chmod 600)",
                    path);
    return error ? fail(EX_DATAERR, "the key %s cannot be used: %s", path, strerror(-error)) : EX_OK;
}

/* --- the conversation --- */

static int explain(const char *address, int error)
{
    switch (error) {
    case -EKEYREJECTED:
        return fail(ENROLL_WRONG_SERVER,
                    "the server at %s does not hold the key that the token names: is it another one?", address);
    case -ETIMEDOUT:
        return fail(EX_UNAVAILABLE, "no answer from %s: is the collector up, and no firewall between?", address);
    case -ECONNREFUSED: return fail(EX_UNAVAILABLE, "nothing answers at %s: is the collector up?", address);
    case -EACCES: return fail(EX_UNAVAILABLE, "%s is no enrolment endpoint: it admits only known agents", address);
    case -EPROTO: return fail(EX_PROTOCOL, "%s gave an answer that this version cannot read", address);
    default: return fail(EX_UNAVAILABLE, "cannot talk to %s: %s", address, zmq_strerror(-error));
    }
}

/* --- what comes of it --- */

static void fill_enrolment(struct enrolment *enrolment, const Natsweep__Enrolled *enrolled)
{
    snprintf(enrolment->site, sizeof enrolment->site, "%s", enrolled->site);
    snprintf(enrolment->customer, sizeof enrolment->customer, "%s", enrolled->customer);
    (void)enrolment_learn_endpoints(enrolment, enrolled->endpoints, enrolled->n_endpoints);
    (void)enrolment_learn_keys(enrolment, enrolled->server_keys, enrolled->n_server_keys);
}

static int save(const struct enrolling *enrolling, const Natsweep__Enrolled *enrolled)
{
    char path[STATE_PATH_BYTES];
    struct enrolment enrolment = {0};
    fill_enrolment(&enrolment, enrolled);
    if (enrolment.endpoint_count == 0 || enrolment.key_count == 0)
        return fail(EX_PROTOCOL, "the collector did not say where agents connect; its operator must add an endpoint");
    int error = enrolment_save(state_path(enrolling->settings.state_folder, STATE_ENROLMENT, path), &enrolment);
    return error ? fail(EX_CANTCREAT, "cannot write %s: %s", path, strerror(-error)) : EX_OK;
}

static int conclude(const struct enrolling *enrolling, const Natsweep__Enrolled *enrolled)
{
    const struct enroll_verdict *verdict = enroll_verdict(enrolled->status);
    bool joined = verdict->exit_code == EX_OK || verdict->exit_code == ENROLL_PENDING;
    /* Of what this version knows the collector's own sentence says the same once more. */
    bool tells_more = verdict == &no_verdict || verdict->status == NATSWEEP__ENROLLED__STATUS__UNAVAILABLE;
    if (!joined && tells_more && enrolled->message[0])
        return fail(verdict->exit_code, "%s: %s", verdict->sentence, enrolled->message);
    if (!joined)
        return fail(verdict->exit_code, "%s", verdict->sentence);
    int code = save(enrolling, enrolled);
    if (code)
        return code;
    printf("%s (site %s, customer %s)\n", verdict->sentence, enrolled->site[0] ? enrolled->site : "not yet given",
           enrolled->customer[0] ? enrolled->customer : "not given");
    return verdict->exit_code;
}

/* Asks one endpoint after the other until one gives a real answer. */
static int enroll(struct enrolling *enrolling)
{
    int code = EX_UNAVAILABLE;
    for (size_t i = 0; i < enrolling->token.endpoint_count; i++) {
        const struct token_endpoint *endpoint = &enrolling->token.endpoints[i];
        Envelope *answer = NULL;
        int error = introduction_make(enrolling->context, &enrolling->key, endpoint, enrolling->token.secret, &answer);
        if (error) {
            code = explain(endpoint->address, error);
            continue;
        }
        code = conclude(enrolling, answer->enrolled);
        wire_free(answer);
        if (code != EX_TEMPFAIL)
            break;
    }
    return code;
}

/* Key, conversation and enrolment, as whom the state folder belongs to. */
static int join(struct enrolling *enrolling)
{
    int code = have_key(enrolling);
    if (code != EX_OK)
        return code;
    enrolling->context = zmq_ctx_new();
    if (!enrolling->context)
        return fail(EX_OSERR, "cannot start ZeroMQ: %s", zmq_strerror(errno));
    code = enroll(enrolling);
    zmq_ctx_term(enrolling->context);
    return code;
}

static void put_to_work(const char *folder)
{
    if (service_is_for(folder) && service_restart(TOOL_SYSTEMCTL))
        puts("the service natsweep-agent is started; 'natsweep-agent status' shows how it is");
    else
        puts("'natsweep-agent run' puts it to work");
}

static int enroll_with(struct enrolling *enrolling, const char *token_source)
{
    char message[SETTINGS_MESSAGE_BYTES];
    const char *folder = enrolling->settings.state_folder;
    int code = read_token(token_source, &enrolling->token); /* maybe a file that only we may read */
    if (code != EX_OK)
        return code;
    if (state_folder_make(folder, message) || state_folder_act_as_owner(folder, message))
        return fail(EX_CANTCREAT, "%s", message);
    code = join(enrolling);
    state_folder_act_as_self();
    if (code == EX_OK || code == ENROLL_PENDING)
        put_to_work(folder);
    return code;
}

struct enroll_options {
    const char *token, *file, *folder;
};

static const struct flag flags[] = {
    {"token", "FILE", "where the token is (default: -, standard input)", flag_text,
     offsetof(struct enroll_options, token), "a file, or - for standard input"},
    {"settings", "FILE", "settings file (default: " AGENT_SETTINGS_PATH ")", flag_text,
     offsetof(struct enroll_options, file), "a file"},
    {"state-dir", "DIR", "where key and enrolment go (default: agent.state_folder of the settings)", flag_text,
     offsetof(struct enroll_options, folder), "a folder"},
};

static const struct flag_table table = {
    .subcommand = "enroll",
    .about = "Joins this host to a fleet, and starts the service natsweep-agent where a package installed it.",
    .exits =
        "0 enrolled; 4 waits for approval; 5 token used; 6 expired; 7 unknown; 8 key enrolled elsewhere;\n"
        "9 revoked; 10 wrong server; 64 usage; 65 no token; 66 token unreadable; 69 unreachable; 73 cannot write;\n"
        "75 try again; 77 key readable by others.",
    .no_word = "takes no arguments; a token is a secret and comes from --token FILE or standard input",
    .flags = flags,
    .count = ARRAY_LEN(flags),
};

int enroll_command(int argc, char **argv)
{
    struct enroll_options options = {.token = "-"};
    int code = flags_parse(&table, argc, argv, &options);
    if (code != FLAGS_READ)
        return code;
    struct enrolling enrolling = {0};
    char message[SETTINGS_MESSAGE_BYTES];
    if (agent_settings_load_with(options.file, options.folder, &enrolling.settings, message))
        return fail(EX_CONFIG, "%s", message);
    code = enroll_with(&enrolling, options.token);
    explicit_bzero(&enrolling, sizeof enrolling);
    return code;
}
