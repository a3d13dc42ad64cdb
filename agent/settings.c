#include "agent/settings.h"

#include "base/log.h"
#include "proto/limits.h"
#include "proto/port_list.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define TEXT(name, type, field, default_value, help)                                                                   \
    {                                                                                                                  \
        name, type, offsetof(struct agent_settings, field), sizeof(((struct agent_settings *)0)->field), 0, 0,         \
            default_value, "", help                                                                                    \
    }
#define NUMBER(name, field, minimum, maximum, default_value, unit, help)                                               \
    {                                                                                                                  \
        name, SETTING_NUMBER, offsetof(struct agent_settings, field), 0, minimum, maximum, default_value, unit, help   \
    }
#define FLAG(name, field, default_value, help)                                                                         \
    {                                                                                                                  \
        name, SETTING_BOOL, offsetof(struct agent_settings, field), 0, 0, 0, default_value, "", help                   \
    }

static const struct setting table[] = {
    TEXT("collector.endpoint", SETTING_LIST, collectors, "",
         "tcp://HOST:PORT of a collector; none: those of the enrolment"),
    TEXT("collector.server_key", SETTING_LIST, server_keys, "",
         "public key of the collectors (40 characters of Z85); give the old and the new one while a key is being "
         "replaced"),
    NUMBER("collector.heartbeat_s", heartbeat_s, 1, 300, "30", "s",
           "how often to show life until the collector says how often"),
    NUMBER("collector.retry_ms", retry_ms, 10, 600000, "5000", "ms",
           "the wait before the first new attempt is random, up to this; the ceiling doubles with each failure"),
    NUMBER("collector.retry_max_ms", retry_max_ms, 10, 3600000, "60000", "ms", "highest ceiling of that wait"),
    TEXT("agent.state_folder", SETTING_TEXT, state_folder, "/var/lib/natsweep-agent",
         "where key, enrolment, journal and spool live"),
    TEXT("agent.log_level", SETTING_TEXT, log_level, "info", "error, warning, info or debug"),
    TEXT("check.stun_server", SETTING_LIST, stun_servers, "",
         "HOST[:PORT] of a STUN server that 'natsweep-agent check' uses when none is given"),
    TEXT("policy.allowed_ports", SETTING_LIST, allowed_ports, "1-65535/udp,1-65535/tcp",
         "ports that a collector may have tested; commands for others are refused"),
    NUMBER("policy.max_pace_pps", max_pace_pps, 1, SWEEP_PACE_PPS_MAX, "5000", "packets/s",
           "fastest pace a collector may ask for"),
    FLAG("policy.allow_exclusive", allow_exclusive, "no", "whether a collector may have the PBX stopped for a test"),
    NUMBER("policy.queue_length", queue_length, 0, 64, "8", "sweeps", "sweeps that may wait behind the running one"),
    NUMBER("spool.max_kb", spool_max_kb, 64, 4194304, "65536", "kB",
           "reports kept for an unreachable collector; beyond it the oldest are dropped and counted"),
    NUMBER("spool.max_days", spool_max_days, 1, 3650, "30", "days", "how long such a report is kept"),
};

void agent_settings_defaults(struct agent_settings *settings)
{
    settings_defaults(table, ARRAY_LEN(table), settings);
}

void agent_settings_print(FILE *out)
{
    settings_print(table, ARRAY_LEN(table), out);
}

static int check(const struct agent_settings *settings, const char *path, char *message)
{
    enum log_level level;
    char why[PORT_LIST_MESSAGE_BYTES];
    struct port_list *ports = malloc(sizeof *ports);
    int error = -EINVAL;
    if (!ports) {
        snprintf(message, SETTINGS_MESSAGE_BYTES, "no memory to read %s", path);
        return -ENOMEM;
    }
    if (log_level_parse(settings->log_level, &level))
        snprintf(message, SETTINGS_MESSAGE_BYTES,
                 "%s: agent.log_level is '%s', but must be error, warning, info or debug", path, settings->log_level);
    else if (port_list_parse(settings->allowed_ports, ports, why))
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s: policy.allowed_ports: %s", path, why);
    else if (settings->retry_ms > settings->retry_max_ms)
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s: collector.retry_ms must not exceed collector.retry_max_ms",
                 path);
    else
        error = 0;
    free(ports);
    return error;
}

int agent_settings_load(const char *path, struct agent_settings *settings, char message[SETTINGS_MESSAGE_BYTES])
{
    struct agent_settings *loaded = malloc(sizeof *loaded);
    if (!loaded) {
        snprintf(message, SETTINGS_MESSAGE_BYTES, "no memory to read the settings");
        return -ENOMEM;
    }
    agent_settings_defaults(loaded);
    const char *file = path ? path : AGENT_SETTINGS_PATH;
    int error = 0;
    if (path || access(file, F_OK) == 0)
        error = settings_load(table, ARRAY_LEN(table), file, loaded, message);
    if (!error)
        error = check(loaded, file, message);
    if (!error)
        *settings = *loaded;
    free(loaded);
    return error;
}

int agent_settings_load_with(const char *path, const char *state_folder, struct agent_settings *settings,
                             char message[SETTINGS_MESSAGE_BYTES])
{
    int error = agent_settings_load(path, settings, message);
    if (error || !state_folder)
        return error;
    return settings_set(table, ARRAY_LEN(table), "agent.state_folder", state_folder, settings, message);
}
