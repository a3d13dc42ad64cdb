#include "agent/flags.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sysexits.h>

static const struct flag help_flag = {.name = "help", .help = "this text"};

int flag_text(void *field, const char *value)
{
    if (value[0] == '\0')
        return -EINVAL;
    *(const char **)field = value;
    return 0;
}

int flag_on(void *field, const char *value)
{
    (void)value;
    *(bool *)field = true;
    return 0;
}

static const struct flag *find(const struct flag_table *table, const char *word)
{
    if (strcmp(word, "-h") == 0)
        return &help_flag;
    if (strncmp(word, "--", 2) != 0)
        return NULL;
    size_t len = strcspn(word + 2, "=");
    for (size_t i = 0; i <= table->count; i++) {
        const struct flag *flag = i < table->count ? &table->flags[i] : &help_flag;
        if (strlen(flag->name) == len && strncmp(flag->name, word + 2, len) == 0)
            return flag;
    }
    return NULL;
}

static int refuse_word(const struct flag_table *table, const char *word, char message[FLAGS_MESSAGE_BYTES])
{
    if (word[0] != '-' && table->no_word)
        (void)snprintf(message, FLAGS_MESSAGE_BYTES, "%s", table->no_word);
    else
        (void)snprintf(message, FLAGS_MESSAGE_BYTES,
                       "unknown argument '%s'; 'natsweep-agent %s --help' lists the flags", word, table->subcommand);
    return -EINVAL;
}

/* Applies argv[*index] and moves *index over what it used. Returns as flags_read(). */
static int read_one(const struct flag_table *table, int argc, char **argv, int *index, void *options,
                    char message[FLAGS_MESSAGE_BYTES])
{
    const char *word = argv[(*index)++], *equals = strchr(word, '=');
    const struct flag *flag = find(table, word);
    if (!flag)
        return refuse_word(table, word, message);
    if (!flag->value && equals) {
        (void)snprintf(message, FLAGS_MESSAGE_BYTES, "--%s takes no value", flag->name);
        return -EINVAL;
    }
    if (flag == &help_flag)
        return 1;
    const char *value = equals ? equals + 1 : NULL;
    if (flag->value && !value && *index < argc)
        value = argv[(*index)++];
    if (flag->value && !value) {
        (void)snprintf(message, FLAGS_MESSAGE_BYTES, "--%s needs a value: %s", flag->name, flag->allowed);
        return -EINVAL;
    }
    if (flag->set((char *)options + flag->field, value) == 0)
        return 0;
    (void)snprintf(message, FLAGS_MESSAGE_BYTES, "--%s cannot be '%s': give %s", flag->name, value, flag->allowed);
    return -EINVAL;
}

int flags_read(const struct flag_table *table, int argc, char **argv, void *options, char message[FLAGS_MESSAGE_BYTES])
{
    int said = 0;
    for (int i = 1; i < argc && said == 0;)
        said = read_one(table, argc, argv, &i, options, message);
    return said;
}

static int left_width(const struct flag *flag)
{
    return (int)(2 + strlen(flag->name) + (flag->value ? 1 + strlen(flag->value) : 0));
}

static void print_flag(const struct flag *flag, int width, FILE *out)
{
    (void)fprintf(out, "  --%s%s%s%*s  %s\n", flag->name, flag->value ? " " : "", flag->value ? flag->value : "",
                  width - left_width(flag), "", flag->help);
}

void flags_help(const struct flag_table *table, FILE *out)
{
    int width = left_width(&help_flag);
    for (size_t i = 0; i < table->count; i++)
        if (left_width(&table->flags[i]) > width)
            width = left_width(&table->flags[i]);
    (void)fprintf(out, "usage: natsweep-agent %s [FLAG]...\n\n%s\n\n", table->subcommand, table->about);
    for (size_t i = 0; i < table->count; i++)
        print_flag(&table->flags[i], width, out);
    print_flag(&help_flag, width, out);
    if (table->exits)
        (void)fprintf(out, "\nExit: %s\n", table->exits);
}

int flags_parse(const struct flag_table *table, int argc, char **argv, void *options)
{
    char message[FLAGS_MESSAGE_BYTES];
    int said = flags_read(table, argc, argv, options, message);
    if (said == 0)
        return FLAGS_READ;
    if (said > 0) {
        flags_help(table, stdout);
        return EX_OK;
    }
    (void)fprintf(stderr, "natsweep-agent %s: %s\n", table->subcommand, message);
    return EX_USAGE;
}
