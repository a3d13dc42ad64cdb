#include "collector/settings.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define TEXT(name, type, field, default_value, help)                                                                   \
    {                                                                                                                  \
        name, type, offsetof(struct collector_settings, field), sizeof(((struct collector_settings *)0)->field), 0, 0, \
            default_value, "", help                                                                                    \
    }
#define NUMBER(name, field, minimum, maximum, default_value, unit, help)                                               \
    {                                                                                                                  \
        name, SETTING_NUMBER, offsetof(struct collector_settings, field), 0, minimum, maximum, default_value, unit,    \
            help                                                                                                       \
    }

static const struct setting table[] = {
    TEXT("collector.name", SETTING_TEXT, name, "collector",
         "what the database calls this collector; each of several needs its own"),
    {"collector.log_level", SETTING_LOG_LEVEL, offsetof(struct collector_settings, log_level), 0, 0, 0, "info", "",
     "error, warning, info or debug"},
    TEXT("collector.key_file", SETTING_TEXT, key_file, "/var/lib/natsweep-collector/collector.key",
         "its CURVE key; made at the first start, readable to its user only"),
    NUMBER("collector.drain_ms", drain_ms, 0, 60000, "5000", "ms",
           "how long reports under way may take to be stored after SIGTERM"),
    TEXT("collector.listen", SETTING_LIST, agents_listen, "tcp://*:4500", "where agents connect"),
    TEXT("collector.advertise", SETTING_LIST, agents_advertise, "",
         "the same as agents reach it, tcp://HOST:PORT; needed when collector.listen has a wildcard"),
    TEXT("collector.listen_enroll", SETTING_LIST, enroll_listen, "tcp://*:4501",
         "where new agents enrol; empty: not at this collector"),
    TEXT("collector.advertise_enroll", SETTING_LIST, enroll_advertise, "",
         "the same as agents reach it; needed when collector.listen_enroll has a wildcard"),
    TEXT("database.dsn", SETTING_TEXT, dsn, "", "libpq connection string or URI; may list several hosts"),
    NUMBER("agents.heartbeat_ms", heartbeat_ms, 1000, 300000, "15000", "ms", "how often agents show life"),
    NUMBER("agents.heartbeat_misses", heartbeat_misses, 3, 20, "4", "heartbeats",
           "an agent that misses so many is gone"),
    NUMBER("enroll.source_per_minute", enroll_source_per_minute, 1, 100000, "60", "enrolments/minute",
           "how many one address may ask for: the sites behind a carrier's NAT share one"),
    NUMBER("enroll.total_per_minute", enroll_total_per_minute, 1, 1000000, "1200", "enrolments/minute",
           "how many all together"),
    NUMBER("store.writers", store_writers, 1, SETTINGS_WRITERS_MAX, "2", "connections",
           "threads that write reports, each with its own"),
    NUMBER("store.queue_mb", store_queue_mb, 1, 65536, "64", "MB",
           "reports under way to the database; agents wait from 80 % on until 60 %"),
    TEXT("turn.secret_file", SETTING_TEXT, turn_secret_file, "",
         "coturn's static-auth-secret, to mint credentials for each sweep; empty: agents get none"),
    {"webhook.send", SETTING_BOOL, offsetof(struct collector_settings, webhook_send), 0, 0, 0, "yes", "",
     "whether this collector tells webhooks what changed; it needs a way out to the internet"},
    TEXT("webhook.ca_file", SETTING_TEXT, webhook_ca_file, "",
         "certificate authorities of the receivers; empty: those that this host trusts"),
    TEXT("watch.listen", SETTING_TEXT, watch_listen, "127.0.0.1:4502",
         "where /metrics, /healthz and /readyz are served over HTTP to whoever can connect; empty: nowhere"),
};

void collector_settings_print(FILE *out)
{
    settings_print(table, ARRAY_LEN(table), out);
}

static bool has_wildcard(const char *endpoints)
{
    return strchr(endpoints, '*') || strstr(endpoints, "//0.0.0.0:") || strstr(endpoints, "//[::]:");
}

/* What agents are told is what is listened on, unless that is no address. */
static int settle_advertise(const char *name, const char *listen, char advertise[SETTINGS_LIST_BYTES], const char *path,
                            char message[SETTINGS_MESSAGE_BYTES])
{
    if (advertise[0] && !has_wildcard(advertise))
        return 0;
    if (!advertise[0] && !has_wildcard(listen)) {
        snprintf(advertise, SETTINGS_LIST_BYTES, "%s", listen);
        return 0;
    }
    return settings_complain(
        message,
        "%s: %s must say how agents reach this collector, such as tcp://collector.example:4500, because no agent "
        "can connect to a wildcard",
        path, name);
}

static int settle_watch(struct collector_settings *settings, const char *path, char message[SETTINGS_MESSAGE_BYTES])
{
    settings->watch_address = (struct address){0};
    if (!settings->watch_listen[0] ||
        (address_parse(settings->watch_listen, &settings->watch_address) == 0 && settings->watch_address.port != 0))
        return 0;
    return settings_complain(message,
                             "%s: watch.listen is '%s', but must be an address and a port, such as 127.0.0.1:4502",
                             path, settings->watch_listen);
}

static int check(struct collector_settings *settings, const char *path, char message[SETTINGS_MESSAGE_BYTES])
{
    if (!settings->name[0] || !settings->agents_listen[0])
        return settings_complain(message, "%s: %s must not be empty", path,
                                 settings->name[0] ? "collector.listen" : "collector.name");
    int error =
        settle_advertise("collector.advertise", settings->agents_listen, settings->agents_advertise, path, message);
    if (!error && settings->enroll_listen[0])
        error = settle_advertise("collector.advertise_enroll", settings->enroll_listen, settings->enroll_advertise,
                                 path, message);
    return error ? error : settle_watch(settings, path, message);
}

int collector_settings_load(const char *path, struct collector_settings *settings, char message[SETTINGS_MESSAGE_BYTES])
{
    struct collector_settings loaded;
    settings_defaults(table, ARRAY_LEN(table), &loaded);
    int error = settings_load(table, ARRAY_LEN(table), path, &loaded, message);
    if (!error)
        error = check(&loaded, path, message);
    if (!error)
        *settings = loaded;
    return error;
}
