#include "collector/identity.h"

#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int complain(const char *path, int error, char message[SETTINGS_MESSAGE_BYTES])
{
    if (error == -EPERM)
        snprintf(message, SETTINGS_MESSAGE_BYTES,
                 "%s may be read by others or is not this user's: its secret may be known; chmod 600 it, or replace it",
                 path);
    else if (error == -EINVAL)
        snprintf(message, SETTINGS_MESSAGE_BYTES,
                 "%s is no key file: restore it from a backup, or remove it and enrol all agents anew", path);
    else
        snprintf(message, SETTINGS_MESSAGE_BYTES, "cannot read %s: %s", path, strerror(-error));
    return error;
}

static int make_key(const char *path, struct curve_key_pair *pair, char message[SETTINGS_MESSAGE_BYTES])
{
    struct curve_key_pair made;
    int error = curve_key_generate(&made);
    if (!error)
        error = curve_key_save(path, &made);
    if (error) {
        snprintf(message, SETTINGS_MESSAGE_BYTES, "cannot write a new key to %s: %s", path, strerror(-error));
        return error;
    }
    log_info("collector", NULL, "made a new key in %s", path);
    *pair = made;
    return 0;
}

int identity_key(const char *path, struct curve_key_pair *pair, char message[SETTINGS_MESSAGE_BYTES])
{
    int error = curve_key_load(path, pair);
    if (error == -ENOENT)
        return make_key(path, pair, message);
    return error ? complain(path, error, message) : 0;
}

static int read_turn_secret(const char *path, char secret[TURN_SECRET_BYTES], char message[SETTINGS_MESSAGE_BYTES])
{
    int error = file_read_secret_line(path, secret, TURN_SECRET_BYTES);
    if (error == -ENODATA)
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s is empty, but should hold the TURN server's secret", path);
    else if (error)
        complain(path, error, message);
    return error;
}

static int next_path(const char *path, char next[PATH_MAX], const char *ending, char message[SETTINGS_MESSAGE_BYTES])
{
    if (snprintf(next, PATH_MAX, "%s%s", path, ending) < PATH_MAX)
        return 0;
    snprintf(message, SETTINGS_MESSAGE_BYTES, "%s is too long a path", path);
    return -ENAMETOOLONG;
}

/* Returns 0, -ENOENT when there is none, or another error with its sentence. */
static int load_next_key(const char *path, struct curve_key_pair *next, char message[SETTINGS_MESSAGE_BYTES])
{
    char file[PATH_MAX];
    int error = next_path(path, file, ".next", message);
    if (error)
        return error;
    error = curve_key_load(file, next);
    return error && error != -ENOENT ? complain(file, error, message) : error;
}

int identity_secrets(const struct collector_settings *settings, struct secrets *secrets,
                     char message[SETTINGS_MESSAGE_BYTES])
{
    struct secrets found = {.has_next_key = false};
    struct curve_key_pair next;
    int error = 0;
    if (settings->turn_secret_file[0])
        error = read_turn_secret(settings->turn_secret_file, found.turn_secret, message);
    if (!error)
        error = load_next_key(settings->key_file, &next, message);
    if (!error) {
        found.has_next_key = true;
        memcpy(found.next_public_key, next.public_key, CURVE_KEY_BYTES);
    }
    if (!error || error == -ENOENT)
        *secrets = found;
    explicit_bzero(&next, sizeof(next));
    explicit_bzero(&found, sizeof(found));
    return error == -ENOENT ? 0 : error;
}

int identity_make_next_key(const char *path, struct curve_key_pair *next, char message[SETTINGS_MESSAGE_BYTES])
{
    char file[PATH_MAX];
    int error = next_path(path, file, ".next", message);
    if (error)
        return error;
    if (access(file, F_OK) == 0) {
        snprintf(message, SETTINGS_MESSAGE_BYTES,
                 "%.400s is there already: go on with it, or remove it to begin the rotation anew", file);
        return -EEXIST;
    }
    return make_key(file, next, message);
}

/* The old key is copied and then replaced: at no moment is there none, or a start would make up another. */
int identity_use_next_key(const char *path, struct curve_key_pair *next, char message[SETTINGS_MESSAGE_BYTES])
{
    char file[PATH_MAX], old_file[PATH_MAX];
    struct curve_key_pair old;
    int error = next_path(path, old_file, ".old", message);
    if (!error)
        error = load_next_key(path, next, message);
    if (error == -ENOENT)
        snprintf(message, SETTINGS_MESSAGE_BYTES, "there is no %s.next: make it with --make-next-key", path);
    if (error)
        return error;
    error = curve_key_load(path, &old);
    if (error)
        return complain(path, error, message);
    error = curve_key_save(old_file, &old);
    explicit_bzero(&old, sizeof(old));
    if (!error && next_path(path, file, ".next", message) == 0)
        error = rename(file, path) == 0 ? 0 : -errno;
    if (error)
        snprintf(message, SETTINGS_MESSAGE_BYTES, "cannot replace %s: %s", path, strerror(-error));
    return error;
}
