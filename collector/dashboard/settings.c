#include "dashboard/settings.h"

#include "dashboard/session.h"

#include <errno.h>
#include <libpq-fe.h>
#include <stddef.h>
#include <string.h>

#define TEXT(name, field, default_value, help)                                                                         \
    {                                                                                                                  \
        name, SETTING_TEXT, offsetof(struct dashboard_settings, field),                                                \
            sizeof(((struct dashboard_settings *)0)->field), 0, 0, default_value, "", help                             \
    }
#define NUMBER(name, field, minimum, maximum, default_value, unit, help)                                               \
    {                                                                                                                  \
        name, SETTING_NUMBER, offsetof(struct dashboard_settings, field), 0, minimum, maximum, default_value, unit,    \
            help                                                                                                       \
    }

static const struct setting table[] = {
    {"dashboard.log_level", SETTING_LOG_LEVEL, offsetof(struct dashboard_settings, log_level), 0, 0, 0, "info", "",
     "error, warning, info or debug"},
    TEXT("dashboard.listen", listen, "127.0.0.1:8480",
         "address and port; passwords cross it, so anything but loopback belongs behind a proxy that speaks TLS"),
    {"dashboard.behind_tls", SETTING_BOOL, offsetof(struct dashboard_settings, behind_tls), 0, 0, 0, "no", "",
     "people reach it over https through a proxy: browsers then send the session's cookie over TLS only"},
    TEXT(
        "dashboard.proxy", proxy, "",
        "address of that proxy: the last address in its X-Forwarded-For is then the one that sign-ins are counted for; "
        "empty: no such header is believed, and all who come through one proxy are one address"),
    TEXT("database.dsn", dsn, "",
         "libpq connection string or URI without user and password: people sign in with their own; everybody waits "
         "while a host name in it is resolved, so give addresses, or hostaddr beside host"),
    NUMBER("database.statement_s", statement_s, 1, 300, "15", "s", "how long one question may take"),
    NUMBER("database.answer_mb", answer_mb, 1, 1024, "64", "MB", "the largest answer that is passed on"),
    NUMBER("session.max", sessions_max, 1, SESSIONS_MAX, "200", "sessions", "people signed in at a time"),
    NUMBER("session.idle_minutes", idle_minutes, 1, 1440, "30", "minutes", "a session unused for so long ends"),
    NUMBER("session.hours", hours_max, 1, 168, "12", "hours", "and so does one that is so old"),
    NUMBER("session.connections", connections_max, 1, SESSION_CONNECTIONS_MAX, "3", "connections",
           "to PostgreSQL, for each session"),
    NUMBER("session.connection_idle_s", connection_idle_s, 1, 3600, "20", "s",
           "a connection unused for so long is closed"),
    NUMBER("sign_in.per_minute", sign_ins_per_minute, 1, 1000, "10", "attempts/minute",
           "that one user name may make from one address"),
    NUMBER("sign_in.all_per_minute", all_sign_ins_per_minute, 1, 10000, "120", "attempts/minute",
           "that all together may make"),
};

void dashboard_settings_print(FILE *out)
{
    settings_print(table, ARRAY_LEN(table), out);
}

/* A user or a password there would be everybody's who opens the page. */
static const char *names_somebody(const PQconninfoOption *options)
{
    static const char *const words[] = {"user", "password", "passfile", "sslpassword", "options", "service"};
    for (; options->keyword; options++)
        for (size_t i = 0; i < ARRAY_LEN(words); i++)
            if (strcmp(options->keyword, words[i]) == 0 && options->val && options->val[0])
                return words[i];
    return NULL;
}

static int check_dsn(const char *dsn, const char *path, char message[SETTINGS_MESSAGE_BYTES])
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(dsn, &why);
    const char *word = options ? names_somebody(options) : NULL;
    int error = options && !word ? 0 : -EINVAL;
    if (!options)
        snprintf(message, SETTINGS_MESSAGE_BYTES, "%s: database.dsn: %.*s", path, why ? (int)strcspn(why, "\n") : 13,
                 why ? why : "out of memory");
    else if (word)
        snprintf(
            message, SETTINGS_MESSAGE_BYTES,
            "%s: database.dsn must not have '%s', because everybody signs in with a role and password of their own",
            path, word);
    PQconninfoFree(options);
    PQfreemem(why);
    return error;
}

static int check_proxy(struct dashboard_settings *settings, const char *path, char message[SETTINGS_MESSAGE_BYTES])
{
    if (!settings->proxy[0] ||
        (address_parse(settings->proxy, &settings->proxy_address) == 0 && settings->proxy_address.port == 0))
        return 0;
    return settings_complain(message,
                             "%s: dashboard.proxy is '%s', but must be an address without a port, such as 127.0.0.1",
                             path, settings->proxy);
}

static int check(struct dashboard_settings *settings, const char *path, char message[SETTINGS_MESSAGE_BYTES])
{
    if (address_parse(settings->listen, &settings->address) != 0)
        return settings_complain(
            message, "%s: dashboard.listen is '%s', but must be an address and a port, such as 127.0.0.1:8480", path,
            settings->listen);
    int error = check_proxy(settings, path, message);
    return error ? error : check_dsn(settings->dsn, path, message);
}

int dashboard_settings_load(const char *path, struct dashboard_settings *settings, char message[SETTINGS_MESSAGE_BYTES])
{
    struct dashboard_settings loaded = {0};
    settings_defaults(table, ARRAY_LEN(table), &loaded);
    int error = settings_load(table, ARRAY_LEN(table), path, &loaded, message);
    if (!error)
        error = check(&loaded, path, message);
    if (!error)
        *settings = loaded;
    return error;
}
