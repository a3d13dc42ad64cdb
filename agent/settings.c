#include "agent/settings.h"

#include "pbx/hooks.h"
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
    {"agent.log_level", SETTING_LOG_LEVEL, offsetof(struct agent_settings, log_level), 0, 0, 0, "info", "",
     "error, warning, info or debug"},
    TEXT("check.stun_server", SETTING_LIST, stun_servers, "",
         "HOST[:PORT] of a STUN server that 'natsweep-agent check' uses when none is given"),
    TEXT("policy.allowed_ports", SETTING_LIST, allowed_ports, "1-65535/udp,1-65535/tcp",
         "ports that a collector may have tested; commands for others are refused"),
    NUMBER("policy.max_pace_pps", max_pace_pps, 1, SWEEP_PACE_PPS_MAX, "5000", "packets/s",
           "fastest pace a collector may ask for"),
    FLAG("policy.allow_exclusive", allow_exclusive, "no", "whether a collector may have the PBX stopped for a test"),
    NUMBER("policy.queue_length", queue_length, 0, 64, "8", "sweeps", "sweeps that may wait behind the running one"),
    TEXT("pbx.unit", SETTING_LIST, pbx_units, "",
         "systemd service (NAME.service) of the PBX that mode exclusive stops for the sweep, and starts again if it "
         "ran"),
    TEXT("pbx.stop_command", SETTING_TEXT, pbx_stop_command, "",
         "instead of units, where there is no systemd: a program by its full path and arguments, split at spaces, not "
         "run by a shell; it must exit 0 once the PBX has stopped"),
    TEXT("pbx.start_command", SETTING_TEXT, pbx_start_command, "",
         "the same that starts it; must be harmless when the PBX runs already"),
    NUMBER("pbx.stop_timeout_s", pbx_stop_timeout_s, 1, 600, "60", "s",
           "a PBX that has not stopped by then is started again and nothing is swept"),
    NUMBER("pbx.start_timeout_s", pbx_start_timeout_s, 1, 600, "120", "s", "a start that takes longer has failed"),
    NUMBER("pbx.max_stopped_s", pbx_max_stopped_s, 10, 7200, "900", "s",
           "the PBX is started after this long whatever the sweep does; more than pbx.stop_timeout_s"),
    TEXT("pbx.state_folder", SETTING_TEXT, pbx_state_folder, "/var/lib/natsweep-pbx",
         "where root remembers what is stopped; writable by root only"),
    TEXT("pbx.socket", SETTING_TEXT, pbx_socket, "/run/natsweep-pbx.sock",
         "where an agent that is not root asks root's side to stop and start the PBX (natsweep-pbx.socket)"),
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

static int check_pbx(const struct agent_settings *settings, const char *path, char *message)
{
    struct hooks hooks;
    char why[HOOKS_MESSAGE_BYTES];
    if (hooks_parse(settings->pbx_units, settings->pbx_stop_command, settings->pbx_start_command, &hooks, why))
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s: section [pbx]: %s", path, why);
    else if (settings->pbx_max_stopped_s <= settings->pbx_stop_timeout_s)
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s: pbx.max_stopped_s must exceed pbx.stop_timeout_s", path);
    else if (settings->pbx_state_folder[0] != '/')
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s: pbx.state_folder must be an absolute path", path);
    else
        return 0;
    return -EINVAL;
}

static int check(const struct agent_settings *settings, const char *path, char *message)
{
    char why[PORT_LIST_MESSAGE_BYTES];
    struct port_list *ports = malloc(sizeof *ports);
    int error = -EINVAL;
    if (!ports) {
        snprintf(message, SETTINGS_MESSAGE_BYTES, "no memory to read %s", path);
        return -ENOMEM;
    }
    if (port_list_parse(settings->allowed_ports, ports, why))
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s: policy.allowed_ports: %s", path, why);
    else if (settings->retry_ms > settings->retry_max_ms)
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s: collector.retry_ms must not exceed collector.retry_max_ms",
                 path);
    else
        error = check_pbx(settings, path, message);
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
