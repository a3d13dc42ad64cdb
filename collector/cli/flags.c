#include "cli/flags.h"

#include "cli/complain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define FLAG_COLUMN_WIDTH 28

/* The row for "--name" or "--name=value". */
static const struct flag *find(const struct flag_table *tables, size_t table_count, const char *word)
{
    size_t len = strcspn(word, "=");
    for (size_t t = 0; t < table_count; t++)
        for (size_t i = 0; i < tables[t].count; i++) {
            const struct flag *flag = &tables[t].flags[i];
            if (strlen(flag->name) == len && strncmp(flag->name, word, len) == 0)
                return flag;
        }
    return NULL;
}

static int add_word(struct words *words, const char *word)
{
    if (words->count == WORDS_MAX)
        return complain(EX_USAGE, "more than %d words; give fewer at a time", WORDS_MAX);
    words->items[words->count++] = word;
    return 0;
}

static int set_number(const struct flag *flag, const char *value)
{
    char *end = NULL;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < 1)
        return complain(EX_USAGE, "%s needs a whole number of 1 or more, not '%s'", flag->name, value);
    *(long *)flag->target = number;
    return 0;
}

static int set(const struct flag *flag, const char *value)
{
    if (value[0] == '\0')
        return complain(EX_USAGE, "%s needs a value, not an empty one", flag->name);
    if (flag->kind == FLAG_LIST)
        return add_word(flag->target, value);
    if (flag->kind == FLAG_NUMBER)
        return set_number(flag, value);
    *(const char **)flag->target = value;
    return 0;
}

/* Handles the flag at argv[*index], its value included. */
static int take_flag(const struct flag *flag, int argc, char *const *argv, int *index)
{
    const char *equals = strchr(argv[*index], '=');
    if (flag->kind == FLAG_SWITCH) {
        if (equals != NULL)
            return complain(EX_USAGE, "%s takes no value", flag->name);
        *(bool *)flag->target = true;
        return 0;
    }
    if (equals != NULL)
        return set(flag, equals + 1);
    if (*index + 1 >= argc)
        return complain(EX_USAGE, "%s needs a value: %s %s", flag->name, flag->name, flag->value_name);
    return set(flag, argv[++*index]);
}

int flags_parse(const struct flag_table *tables, size_t table_count, int argc, char *const *argv,
                struct words *operands)
{
    bool flags_over = false;
    int code = 0;
    for (int i = 0; i < argc && code == 0; i++) {
        if (!flags_over && strcmp(argv[i], "--") == 0) {
            flags_over = true;
        } else if (flags_over || argv[i][0] != '-') {
            code = add_word(operands, argv[i]);
        } else {
            const struct flag *flag = find(tables, table_count, argv[i]);
            code = flag != NULL ? take_flag(flag, argc, argv, &i)
                                : complain(EX_USAGE, "unknown flag '%s'; --help lists those there are", argv[i]);
        }
    }
    return code;
}

void flags_print(const struct flag_table *table, FILE *out)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct flag *flag = &table->flags[i];
        int width =
            fprintf(out, "  %s%s%s", flag->name, flag->value_name ? " " : "", flag->value_name ? flag->value_name : "");
        (void)fprintf(out, "%*s %s\n", width < FLAG_COLUMN_WIDTH ? FLAG_COLUMN_WIDTH - width : 0, "", flag->help);
    }
}
