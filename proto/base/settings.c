#include "base/settings.h"

#include "base/log.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define NAME_BYTES 128

/* What inih hands back to us while it reads a file. */
struct loading {
    const struct setting *table;
    size_t rows;
    const char *path;
    char *copy; /* becomes the caller's struct when the whole file is good */
    bool *seen; /* rows set by this file: a list's first line replaces the default */
    char why[SETTINGS_MESSAGE_BYTES];
    bool failed;
    FILE *file;
    int lines; /* read so far */
};

int settings_complain(char message[SETTINGS_MESSAGE_BYTES], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, SETTINGS_MESSAGE_BYTES, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

static const struct setting *find(const struct setting *table, size_t rows, const char *name)
{
    for (size_t i = 0; i < rows; i++) {
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    }
    return NULL;
}

static int parse_bool(const char *value, bool *out)
{
    static const char *const words[][2] = {{"no", "yes"}, {"false", "true"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        for (int truth = 0; truth < 2; truth++) {
            if (strcasecmp(value, words[i][truth]) == 0) {
                *out = truth != 0;
                return 0;
            }
        }
    }
    return -EINVAL;
}

static int set_number(const struct setting *row, const char *value, char *field, char *message)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (end == value || *end || errno || number < row->minimum || number > row->maximum)
        return settings_complain(message, "%s is '%.64s', but must be a whole number from %lld to %lld%s%s", row->name,
                                 value, (long long)row->minimum, (long long)row->maximum, row->unit[0] ? " " : "",
                                 row->unit);
    int64_t out = number;
    memcpy(field, &out, sizeof out);
    return 0;
}

static int set_bool(const struct setting *row, const char *value, char *field, char *message)
{
    bool truth;
    if (parse_bool(value, &truth))
        return settings_complain(message, "%s is '%.64s', but must be yes or no", row->name, value);
    memcpy(field, &truth, sizeof truth);
    return 0;
}

static int set_log_level(const struct setting *row, const char *value, char *field, char *message)
{
    enum log_level level;
    if (log_level_parse(value, &level))
        return settings_complain(message, "%s is '%.64s', but must be error, warning, info or debug", row->name, value);
    memcpy(field, &level, sizeof level);
    return 0;
}

static int set_text(const struct setting *row, const char *value, char *field, bool append, char *message)
{
    size_t have = append ? strlen(field) : 0;
    size_t separator = have > 0 ? 1 : 0;
    if (have + separator + strlen(value) >= row->size)
        return settings_complain(message, "%s is longer than the %zu characters it may have", row->name, row->size - 1);
    snprintf(field + have, row->size - have, "%s%s", separator ? "," : "", value);
    return 0;
}

static int set_field(const struct setting *row, const char *value, char *out, bool append, char *message)
{
    char *field = out + row->offset;
    switch (row->type) {
    case SETTING_NUMBER: return set_number(row, value, field, message);
    case SETTING_BOOL: return set_bool(row, value, field, message);
    case SETTING_LOG_LEVEL: return set_log_level(row, value, field, message);
    case SETTING_TEXT: return set_text(row, value, field, false, message);
    case SETTING_LIST: return set_text(row, value, field, append, message);
    }
    return -EINVAL;
}

static size_t field_bytes(const struct setting *row)
{
    switch (row->type) {
    case SETTING_NUMBER: return sizeof(int64_t);
    case SETTING_BOOL: return sizeof(bool);
    case SETTING_LOG_LEVEL: return sizeof(enum log_level);
    case SETTING_TEXT:
    case SETTING_LIST: break;
    }
    return row->size;
}

/* The greatest offset a row reaches: the part of the caller's struct that the table covers. */
static size_t covered_bytes(const struct setting *table, size_t rows)
{
    size_t most = 1;
    for (size_t i = 0; i < rows; i++) {
        size_t end = table[i].offset + field_bytes(&table[i]);
        if (end > most)
            most = end;
    }
    return most;
}

void settings_defaults(const struct setting *table, size_t rows, void *out)
{
    char message[SETTINGS_MESSAGE_BYTES];
    for (size_t i = 0; i < rows; i++) {
        if (set_field(&table[i], table[i].default_value, out, false, message))
            abort(); /* a default that its own row refuses is a bug of ours */
    }
}

int settings_set(const struct setting *table, size_t rows, const char *name, const char *value, void *out,
                 char message[SETTINGS_MESSAGE_BYTES])
{
    const struct setting *row = find(table, rows, name);
    if (!row)
        return settings_complain(message, "there is no setting '%.64s'", name);
    return set_field(row, value, out, false, message);
}

static int set_from_line(struct loading *loading, const char *section, const char *key, const char *value, char *why)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s.%s", section, key);
    const struct setting *row = find(loading->table, loading->rows, name);
    if (!row)
        return settings_complain(why, "there is no setting '%.64s' in section [%.64s]", key, section);
    bool *seen = &loading->seen[row - loading->table];
    if (*seen && row->type != SETTING_LIST)
        return settings_complain(why, "%s is given a second time", row->name);
    int error = set_field(row, value, loading->copy, *seen, why);
    *seen = true;
    return error;
}

/* inih goes on after a bad line; the first one is the one to tell. */
static int on_line(void *user, const char *section, const char *key, const char *value)
{
    struct loading *loading = user;
    char why[SETTINGS_MESSAGE_BYTES];
    if (set_from_line(loading, section, key, value, why) == 0)
        return 1;
    if (!loading->failed)
        snprintf(loading->why, sizeof loading->why, "%s", why);
    loading->failed = true;
    return 0;
}

/* fgets for inih, which would take the rest of a line that is too long for its buffer as a line of its own. */
static char *read_line(char *line, int size, void *stream)
{
    struct loading *loading = stream;
    if (loading->failed || !fgets(line, size, loading->file))
        return NULL;
    loading->lines++;
    bool whole = strchr(line, '\n') || feof(loading->file);
    if (whole)
        return line;
    settings_complain(loading->why, "the line is longer than the %d characters a line may have", size - 2);
    loading->failed = true;
    return NULL;
}

/* inih gives the number of the first bad line; one that was too long it never saw. */
static int explain(const struct loading *loading, int line, char *message)
{
    const char *why = loading->failed ? loading->why : "this is neither '[section]' nor 'key = value'";
    return settings_complain(message, "%.200s line %d: %.280s", loading->path, line, why);
}

int settings_load(const struct setting *table, size_t rows, const char *path, void *out,
                  char message[SETTINGS_MESSAGE_BYTES])
{
    size_t bytes = covered_bytes(table, rows);
    struct loading loading = {
        .table = table, .rows = rows, .path = path, .copy = malloc(bytes), .seen = calloc(rows, sizeof(bool))};
    int error = -ENOMEM;
    if (!loading.copy || !loading.seen) {
        settings_complain(message, "no memory to read %.200s", path);
        goto out;
    }
    memcpy(loading.copy, out, bytes);
    loading.file = fopen(path, "re");
    if (!loading.file) {
        error = -errno;
        settings_complain(message, "cannot read the settings file %.200s: %s", path, strerror(errno));
        goto out;
    }
    int line = ini_parse_stream(read_line, &loading, on_line, &loading);
    if (line == 0 && ferror(loading.file)) {
        settings_complain(message, "cannot read the settings file %.200s: it cannot be read to its end", path);
        error = -EIO;
    } else {
        error = line || loading.failed ? explain(&loading, line ? line : loading.lines, message) : 0;
    }
    if (!error)
        memcpy(out, loading.copy, bytes);
out:
    if (loading.file)
        (void)fclose(loading.file);
    free(loading.copy);
    free(loading.seen);
    return error;
}

size_t settings_next_item(const char **list, const char **item)
{
    *list += strspn(*list, ", ");
    size_t len = strcspn(*list, ", ");
    *item = *list;
    *list += len;
    return len;
}

void settings_print(const struct setting *table, size_t rows, FILE *out)
{
    char section[NAME_BYTES] = "";
    for (size_t i = 0; i < rows; i++) {
        const char *dot = strchr(table[i].name, '.');
        size_t len = (size_t)(dot - table[i].name);
        if (strlen(section) != len || strncmp(section, table[i].name, len) != 0) {
            snprintf(section, sizeof section, "%.*s", (int)len, table[i].name);
            fprintf(out, "%s[%s]\n", i ? "\n" : "", section);
        }
        fprintf(out, "# %s%s%s%s%s\n# %s =%s%s\n", table[i].help, table[i].unit[0] ? " (" : "", table[i].unit,
                table[i].unit[0] ? ")" : "", table[i].type == SETTING_LIST ? "; may be given several times" : "",
                dot + 1, table[i].default_value[0] ? " " : "", table[i].default_value);
    }
}
