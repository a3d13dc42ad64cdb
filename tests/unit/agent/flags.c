#include "agent/flags.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

struct options {
    const char *file, *word;
    bool loud;
};

static int set_word(void *field, const char *value)
{
    *(const char **)field = value;
    return strcmp(value, "red") == 0 ? 0 : -EINVAL;
}

static const struct flag flags[] = {
    {"settings", "FILE", "settings file", flag_text, offsetof(struct options, file), "a file"},
    {"colour", "WORD", "its colour", set_word, offsetof(struct options, word), "red"},
    {"loud", NULL, "say more", flag_on, offsetof(struct options, loud), NULL},
};

static const struct flag_table table = {
    .subcommand = "paint", .about = "Paints.", .exits = "0 painted.", .flags = flags, .count = ARRAY_LEN(flags)};

/* A command line of at most two words. */
static int read_words(const struct flag_table *of, const char *first, const char *second, struct options *options,
                      char message[FLAGS_MESSAGE_BYTES])
{
    char *argv[] = {(char *)"paint", (char *)(uintptr_t)first, (char *)(uintptr_t)second, NULL};
    *options = (struct options){0};
    message[0] = '\0';
    return flags_read(of, 1 + (first != NULL) + (second != NULL), argv, options, message);
}

static void test_values_stand_beside_a_flag_or_behind_an_equals_sign(void **state)
{
    (void)state;
    struct options options;
    char message[FLAGS_MESSAGE_BYTES];
    assert_int_equal(read_words(&table, "--settings", "a.conf", &options, message), 0);
    assert_string_equal(options.file, "a.conf");
    assert_int_equal(read_words(&table, "--settings=b=c.conf", "--loud", &options, message), 0);
    assert_string_equal(options.file, "b=c.conf");
    assert_true(options.loud);
    assert_int_equal(read_words(&table, "--settings", "--loud", &options, message), 0);
    assert_string_equal(options.file, "--loud");
    assert_false(options.loud);
}

static void test_bad_usage_is_one_sentence_that_names_it(void **state)
{
    static const struct {
        const char *first, *second, *says;
    } rows[] = {
        {"--size", NULL, "unknown argument '--size'; 'natsweep-agent paint --help' lists the flags"},
        {"--loud", "now", "unknown argument 'now'; 'natsweep-agent paint --help' lists the flags"},
        {"--setting", "x", "unknown argument '--setting'; 'natsweep-agent paint --help' lists the flags"},
        {"--loud=1", NULL, "--loud takes no value"},
        {"--help=1", NULL, "--help takes no value"},
        {"--settings", NULL, "--settings needs a value: a file"},
        {"--settings", "", "--settings cannot be '': give a file"},
        {"--colour", "blue", "--colour cannot be 'blue': give red"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct options options;
        char message[FLAGS_MESSAGE_BYTES];
        assert_int_equal(read_words(&table, rows[i].first, rows[i].second, &options, message), -EINVAL);
        assert_string_equal(message, rows[i].says);
    }
}

static void test_a_word_that_may_be_a_secret_is_not_repeated(void **state)
{
    struct flag_table shy = table;
    struct options options;
    char message[FLAGS_MESSAGE_BYTES];
    (void)state;
    shy.no_word = "takes no arguments";
    assert_int_equal(read_words(&shy, "secret", NULL, &options, message), -EINVAL);
    assert_string_equal(message, "takes no arguments");
}

static void test_help_lists_every_flag_in_columns(void **state)
{
    char *text = NULL;
    size_t len = 0;
    (void)state;
    FILE *out = open_memstream(&text, &len);
    flags_help(&table, out);
    (void)fclose(out);
    assert_string_equal(text, "usage: natsweep-agent paint [FLAG]...\n\n"
                              "Paints.\n\n"
                              "  --settings FILE  settings file\n"
                              "  --colour WORD    its colour\n"
                              "  --loud           say more\n"
                              "  --help           this text\n\n"
                              "Exit: 0 painted.\n");
    free(text);
}

static void test_a_subcommand_ends_with_help_or_complaint(void **state)
{
    char *help[] = {(char *)"paint", (char *)"-h", NULL}, *bad[] = {(char *)"paint", (char *)"--bad", NULL};
    struct options options = {0};
    (void)state;
    assert_int_equal(flags_parse(&table, 1, help, &options), FLAGS_READ);
    assert_int_equal(flags_parse(&table, 2, help, &options), EX_OK);
    assert_int_equal(flags_parse(&table, 2, bad, &options), EX_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_stand_beside_a_flag_or_behind_an_equals_sign),
        cmocka_unit_test(test_bad_usage_is_one_sentence_that_names_it),
        cmocka_unit_test(test_a_word_that_may_be_a_secret_is_not_repeated),
        cmocka_unit_test(test_help_lists_every_flag_in_columns),
        cmocka_unit_test(test_a_subcommand_ends_with_help_or_complaint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
