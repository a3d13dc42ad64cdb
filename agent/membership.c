#include "agent/membership.h"

#include "agent/next_key.h"
#include "agent/state_folder.h"
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static int PRINTF_LIKE(3, 4) say(int code, char *message, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, SETTINGS_MESSAGE_BYTES, format, arguments);
    va_end(arguments);
    return code;
}

static int load_key(struct membership *membership, char *message)
{
    char path[STATE_PATH_BYTES];
    int error = curve_key_load(state_path(membership->settings->state_folder, STATE_KEY, path), &membership->key);
    if (error == -ENOENT)
        return say(EX_CONFIG, message, "this agent has no key yet: join it with 'natsweep-agent enroll'");
    if (error == -EPERM)
        return say(EX_NOPERM, message,
                   "the key %s must belong to the agent's user and be readable by nobody else (chmod 600)", path);
    if (error == -EINVAL)
        return say(EX_DATAERR, message,
                   "%s holds no key; remove it and join this agent anew with 'natsweep-agent enroll'", path);
    return error ? say(EX_NOINPUT, message, "cannot read the key %s: %s", path, strerror(-error)) : EX_OK;
}

/* The settings file has the last word over what the enrolment brought. */
static int load_enrolment(struct membership *membership, char *message)
{
    char path[STATE_PATH_BYTES], why[SETTINGS_MESSAGE_BYTES];
    const struct agent_settings *settings = membership->settings;
    bool complete = settings->collectors[0] && settings->server_keys[0];
    int error =
        enrolment_load(state_path(settings->state_folder, STATE_ENROLMENT, path), &membership->enrolment, message);
    if (error == -ENOENT && !complete)
        return say(EX_CONFIG, message, "this agent is not enrolled: join it with 'natsweep-agent enroll'");
    if (error && error != -ENOENT)
        return EX_CONFIG;
    if (settings->collectors[0] && enrolment_set_endpoints(&membership->enrolment, settings->collectors, why))
        return say(EX_CONFIG, message, "collector.endpoint in the settings: %s", why);
    if (settings->server_keys[0] && enrolment_set_keys(&membership->enrolment, settings->server_keys, why))
        return say(EX_CONFIG, message, "collector.server_key in the settings: %s", why);
    return EX_OK;
}

int membership_load(struct membership *membership, const struct agent_settings *settings,
                    char message[SETTINGS_MESSAGE_BYTES])
{
    *membership = (struct membership){.settings = settings};
    int code = load_key(membership, message);
    return code == EX_OK ? load_enrolment(membership, message) : code;
}

/* What the settings say stands above what a collector says. */
bool membership_learn(struct membership *membership, const Natsweep__Welcome *welcome, struct enrolment *enrolment)
{
    char path[STATE_PATH_BYTES];
    bool changed = false;
    if (!membership->settings->collectors[0])
        changed = enrolment_learn_endpoints(enrolment, welcome->endpoints, welcome->n_endpoints);
    if (!membership->settings->server_keys[0])
        changed = enrolment_learn_keys(enrolment, welcome->server_keys, welcome->n_server_keys) || changed;
    if (!changed)
        return false;
    int error = enrolment_save(state_path(membership->settings->state_folder, STATE_ENROLMENT, path), enrolment);
    if (error)
        log_error("agent", NULL, "cannot write %s: %s", path, strerror(-error));
    else
        log_info("agent", NULL, "the fleet has %zu collector endpoints and %zu keys now", enrolment->endpoint_count,
                 enrolment->key_count);
    membership->enrolment = *enrolment;
    return true;
}

bool membership_next_key(const struct membership *membership, struct curve_key_pair *next)
{
    int error = next_key_have(membership->settings->state_folder, next);
    if (error)
        log_error("agent", NULL, "cannot make a new key: %s", strerror(-error));
    return error == 0;
}

bool membership_use_next_key(const struct membership *membership, const uint8_t public_key[CURVE_KEY_BYTES],
                             struct curve_key_pair *next)
{
    int error = next_key_use(membership->settings->state_folder, public_key, next);
    if (error)
        log_error("agent", NULL, "cannot change to the new key: %s", strerror(-error));
    else
        log_info("agent", NULL, "has a new key");
    return error == 0;
}
