/* natsweep-collector: agents on one side, PostgreSQL on the other. */
#include "base/attributes.h"
#include "base/log.h"
#include "base/program.h"
#include "collector/identity.h"
#include "collector/readiness.h"
#include "collector/service.h"
#include "collector/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static program_task serve, check, make_next_key, use_next_key;

static const struct program_flag flags[] = {
    {"check", check, "say whether settings, key and database are in order, and end"},
    {"make-next-key", make_next_key, "make the key that will replace this collector's; SIGHUP has agents told"},
    {"use-next-key", use_next_key, "put it in the place of the present one; then restart"},
};

static const struct program program = {
    .name = "natsweep-collector",
    .instead = "--check | --print-settings",
    .help = "Serves the fleet's agents until SIGTERM.",
    .settings_path = "/etc/natsweep/collector.conf",
    .serve = serve,
    .print_settings = collector_settings_print,
    .flags = flags,
    .flag_count = ARRAY_LEN(flags),
};

static int fail(int exit_code, const char *message)
{
    return program_fail(&program, exit_code, message);
}

static int load(const char *path, struct collector_settings *settings)
{
    char message[SETTINGS_MESSAGE_BYTES];
    if (collector_settings_load(path, settings, message) != 0)
        return fail(EX_CONFIG, message);
    log_set_level(settings->log_level);
    return EX_OK;
}

/* What both serving and the check of it begin with. */
static int load_all(const char *path, struct collector_settings *settings, struct curve_key_pair *key,
                    struct secrets *secrets)
{
    char message[SETTINGS_MESSAGE_BYTES];
    int exit_code = load(path, settings);
    if (exit_code != EX_OK)
        return exit_code;
    if (identity_key(settings->key_file, key, message) != 0 || identity_secrets(settings, secrets, message) != 0)
        return fail(EX_CONFIG, message);
    return EX_OK;
}

static int check(const char *settings_path)
{
    struct collector_settings settings;
    struct curve_key_pair key;
    struct secrets secrets;
    int exit_code = load_all(settings_path, &settings, &key, &secrets);
    return exit_code == EX_OK ? readiness_print(&settings, &key) : exit_code;
}

/* A step of replacing the key, on the host of a collector that goes on running. */
static int rotate_key(const char *settings_path, const char *said,
                      int (*step)(const char *path, struct curve_key_pair *next, char *message))
{
    struct collector_settings settings;
    struct curve_key_pair next;
    char message[SETTINGS_MESSAGE_BYTES], text[CURVE_KEY_TEXT_BYTES];
    int exit_code = load(settings_path, &settings);
    if (exit_code != EX_OK)
        return exit_code;
    int error = step(settings.key_file, &next, message);
    if (error)
        return fail(error == -EEXIST || error == -ENOENT ? EX_DATAERR : EX_CANTCREAT, message);
    printf("%s: %s\n", said, curve_key_format(next.public_key, text));
    explicit_bzero(&next, sizeof(next));
    return EX_OK;
}

static int make_next_key(const char *settings_path)
{
    return rotate_key(settings_path, "next public key", identity_make_next_key);
}

static int use_next_key(const char *settings_path)
{
    struct collector_settings settings;
    struct secrets secrets;
    char message[SETTINGS_MESSAGE_BYTES];
    int exit_code = load(settings_path, &settings);
    if (exit_code == EX_OK && identity_secrets(&settings, &secrets, message) != 0)
        exit_code = fail(EX_CONFIG, message);
    if (exit_code == EX_OK && secrets.has_next_key)
        exit_code = readiness_of_next_key(&settings, secrets.next_public_key);
    explicit_bzero(&secrets, sizeof(secrets));
    if (exit_code != EX_OK)
        return exit_code;
    return rotate_key(settings_path, "public key from the next start on", identity_use_next_key);
}

static int serve(const char *settings_path)
{
    struct collector_settings settings;
    struct curve_key_pair key;
    struct secrets secrets;
    int exit_code = load_all(settings_path, &settings, &key, &secrets);
    if (exit_code == EX_OK)
        exit_code = service_run(&settings, &key, &secrets);
    explicit_bzero(&key, sizeof(key));
    explicit_bzero(&secrets, sizeof(secrets));
    return exit_code;
}

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
