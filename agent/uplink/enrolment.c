#include "uplink/enrolment.h"

#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES 8192

/* The file as its settings table sees it. */
struct lists {
    char endpoints[4096], keys[1024];
    char site[ENROLMENT_TEXT_BYTES], customer[ENROLMENT_TEXT_BYTES];
};

#define ROW(name, type, field)                                                                                         \
    {                                                                                                                  \
        "enrolment." name, type, offsetof(struct lists, field), sizeof(((struct lists *)0)->field), 0, 0, "", "", ""   \
    }

static const struct setting table[] = {
    ROW("endpoint", SETTING_LIST, endpoints),
    ROW("server_key", SETTING_LIST, keys),
    ROW("site", SETTING_TEXT, site),
    ROW("customer", SETTING_TEXT, customer),
};

static bool is_endpoint(const char *text, size_t len)
{
    static const char scheme[] = "tcp://";
    size_t head = sizeof scheme - 1;
    return len > head && len < ENROLMENT_TEXT_BYTES && strncmp(text, scheme, head) == 0 &&
           memchr(text + head, ':', len - head);
}

int enrolment_set_endpoints(struct enrolment *enrolment, const char *list, char message[SETTINGS_MESSAGE_BYTES])
{
    const char *item;
    size_t count = 0, len;
    while ((len = settings_next_item(&list, &item)) > 0) {
        if (count == DIRECTORY_ENDPOINTS_MAX)
            return settings_complain(message, "more than %d collector endpoints are given", DIRECTORY_ENDPOINTS_MAX);
        if (!is_endpoint(item, len))
            return settings_complain(message, "the collector endpoint '%.*s' is not of the form tcp://HOST:PORT",
                                     len < 200 ? (int)len : 200, item);
        snprintf(enrolment->endpoints[count++], ENROLMENT_TEXT_BYTES, "%.*s", (int)len, item);
    }
    enrolment->endpoint_count = count;
    return count ? 0 : settings_complain(message, "no collector endpoint is given");
}

int enrolment_set_keys(struct enrolment *enrolment, const char *list, char message[SETTINGS_MESSAGE_BYTES])
{
    const char *item;
    size_t count = 0, len;
    while ((len = settings_next_item(&list, &item)) > 0) {
        char text[CURVE_KEY_TEXT_BYTES];
        if (count == DIRECTORY_KEYS_MAX)
            return settings_complain(message, "more than %d public keys of collectors are given", DIRECTORY_KEYS_MAX);
        snprintf(text, sizeof text, "%.*s", (int)(len < sizeof text ? len : sizeof text - 1), item);
        if (len >= sizeof text || curve_key_parse(text, enrolment->server_keys[count]))
            return settings_complain(message, "'%.*s' is no public key of a collector (40 characters of Z85)",
                                     len < 200 ? (int)len : 200, item);
        count++;
    }
    enrolment->key_count = count;
    return count ? 0 : settings_complain(message, "no public key of a collector is given");
}

/* What would end or begin another line or item of the file must not get into it. */
static bool may_be_saved(const char *endpoint)
{
    return is_endpoint(endpoint, strlen(endpoint)) && strpbrk(endpoint, ",; \t\r\n\"#") == NULL;
}

bool enrolment_learn_endpoints(struct enrolment *enrolment, char *const *endpoints, size_t count)
{
    struct enrolment learned = {.endpoint_count = count};
    if (count == 0 || count > DIRECTORY_ENDPOINTS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!may_be_saved(endpoints[i]))
            return false;
        snprintf(learned.endpoints[i], ENROLMENT_TEXT_BYTES, "%s", endpoints[i]);
    }
    bool same = count == enrolment->endpoint_count;
    for (size_t i = 0; same && i < count; i++)
        same = strcmp(learned.endpoints[i], enrolment->endpoints[i]) == 0;
    enrolment->endpoint_count = count;
    memcpy(enrolment->endpoints, learned.endpoints, sizeof learned.endpoints);
    return !same;
}

bool enrolment_learn_keys(struct enrolment *enrolment, const ProtobufCBinaryData *keys, size_t count)
{
    if (count == 0 || count > DIRECTORY_KEYS_MAX)
        return false;
    bool same = count == enrolment->key_count;
    for (size_t i = 0; i < count; i++) {
        same = same && memcmp(enrolment->server_keys[i], keys[i].data, CURVE_KEY_BYTES) == 0;
        memcpy(enrolment->server_keys[i], keys[i].data, CURVE_KEY_BYTES);
    }
    enrolment->key_count = count;
    return !same;
}

int enrolment_load(const char *path, struct enrolment *enrolment, char message[SETTINGS_MESSAGE_BYTES])
{
    struct lists *lists = calloc(1, sizeof *lists);
    struct enrolment loaded = {0};
    if (!lists) {
        settings_complain(message, "no memory to read %s", path);
        return -ENOMEM;
    }
    int error = settings_load(table, ARRAY_LEN(table), path, lists, message);
    if (!error)
        error = enrolment_set_endpoints(&loaded, lists->endpoints, message);
    if (!error)
        error = enrolment_set_keys(&loaded, lists->keys, message);
    if (!error) {
        memcpy(loaded.site, lists->site, sizeof loaded.site);
        memcpy(loaded.customer, lists->customer, sizeof loaded.customer);
        *enrolment = loaded;
    }
    free(lists);
    return error;
}

/* A name is only shown, so what the file format would trip over becomes a space. */
static void print_name(FILE *out, const char *key, const char *name)
{
    fprintf(out, "%s = ", key);
    for (; *name; name++)
        fputc(*name == ';' || iscntrl((unsigned char)*name) ? ' ' : *name, out);
    fputc('\n', out);
}

static void print(FILE *out, const struct enrolment *enrolment)
{
    fputs("# Written by 'natsweep-agent enroll'; [collector] in the settings file overrides it.\n[enrolment]\n", out);
    print_name(out, "site", enrolment->site);
    print_name(out, "customer", enrolment->customer);
    for (size_t i = 0; i < enrolment->endpoint_count; i++)
        print_name(out, "endpoint", enrolment->endpoints[i]);
    for (size_t i = 0; i < enrolment->key_count; i++) {
        char text[CURVE_KEY_TEXT_BYTES];
        fprintf(out, "server_key = %s\n", curve_key_format(enrolment->server_keys[i], text));
    }
}

int enrolment_save(const char *path, const struct enrolment *enrolment)
{
    char buffer[FILE_BYTES];
    FILE *out = fmemopen(buffer, sizeof buffer, "w");
    if (!out)
        return -errno;
    print(out, enrolment);
    long len = ftell(out);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed || len <= 0)
        return -EFBIG;
    return file_replace(path, 0600, buffer, (size_t)len);
}
