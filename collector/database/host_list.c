#include "database/host_list.h"

#include <errno.h>
#include <libpq-fe.h>
#include <string.h>

static const char *option_value(const PQconninfoOption *options, const char *keyword)
{
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (strcmp(option->keyword, keyword) == 0 && option->val)
            return option->val;
    }
    return "";
}

static size_t parts_of(const char *text)
{
    size_t parts = 1;
    for (const char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ','))
        parts++;
    return parts;
}

static int copy_part(const char *text, size_t number, char out[HOST_LIST_TEXT_BYTES])
{
    for (; number > 0; number--) {
        const char *comma = strchr(text, ',');
        if (!comma)
            break; /* a single port for all hosts */
        text = comma + 1;
    }
    size_t len = strcspn(text, ",");
    if (len >= HOST_LIST_TEXT_BYTES)
        return -EINVAL;
    memcpy(out, text, len);
    out[len] = '\0';
    return 0;
}

size_t host_list_count(const char *dsn)
{
    PQconninfoOption *options = PQconninfoParse(dsn, NULL);
    if (!options)
        return 1;
    size_t hosts = parts_of(option_value(options, "host"));
    size_t addresses = parts_of(option_value(options, "hostaddr"));
    PQconninfoFree(options);
    return hosts > addresses ? hosts : addresses;
}

int host_list_choose(const char *dsn, size_t number, struct host_choice *out)
{
    PQconninfoOption *options = PQconninfoParse(dsn, NULL);
    if (!options)
        return -EINVAL;
    struct host_choice choice;
    int error = copy_part(option_value(options, "host"), number, choice.host);
    if (!error)
        error = copy_part(option_value(options, "hostaddr"), number, choice.hostaddr);
    if (!error)
        error = copy_part(option_value(options, "port"), number, choice.port);
    PQconninfoFree(options);
    if (!error)
        *out = choice;
    return error;
}
