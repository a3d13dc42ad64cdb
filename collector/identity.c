#include "collector/identity.h"

#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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

int identity_turn_secret(const char *path, char secret[TURN_SECRET_BYTES], char message[SETTINGS_MESSAGE_BYTES])
{
    char line[TURN_SECRET_BYTES];
    int error = file_read_secret_line(path, line, sizeof(line));
    if (!error)
        memcpy(secret, line, sizeof(line));
    explicit_bzero(line, sizeof(line));
    if (error == -ENODATA)
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s is empty, but should hold the TURN server's secret", path);
    else if (error)
        complain(path, error, message);
    return error;
}
