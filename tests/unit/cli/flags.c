#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/flags.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

struct options {
    bool all;
    const char *site;
    long uses;
    struct words tags, operands;
};

static int parse(struct options *options, int argc, char *const *argv)
{
    const struct flag flags[] = {{"--all", FLAG_SWITCH, &options->all, NULL, "every site"},
                                 {"--site", FLAG_TEXT, &options->site, "NAME", "this site"}};
    const struct flag more[] = {{"--tag", FLAG_LIST, &options->tags, "WORD", "with this tag"},
                                {"--uses", FLAG_NUMBER, &options->uses, "N", "how often"}};
    const struct flag_table tables[] = {{flags, ARRAY_LEN(flags)}, {more, ARRAY_LEN(more)}};
    return flags_parse(tables, ARRAY_LEN(tables), argc, argv, &options->operands);
}

#define PARSE(options, ...)                                                                                            \
    parse(options, (int)(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)), (char *[]){__VA_ARGS__})

static void flags_and_operands_in_any_order(void **state)
{
    (void)state;
    struct options options = {0};
    assert_int_equal(
        PARSE(&options, "first", "--site", "Berlin", "--tag=a", "second", "--all", "--tag", "b=c", "--uses=3"), 0);
    assert_true(options.all);
    assert_string_equal(options.site, "Berlin");
    assert_int_equal(options.uses, 3);
    assert_int_equal(options.tags.count, 2);
    assert_string_equal(options.tags.items[0], "a");
    assert_string_equal(options.tags.items[1], "b=c");
    assert_int_equal(options.operands.count, 2);
    assert_string_equal(options.operands.items[1], "second");
}

static void two_dashes_end_the_flags(void **state)
{
    (void)state;
    struct options options = {0};
    assert_int_equal(PARSE(&options, "--", "--all", "-x"), 0);
    assert_false(options.all);
    assert_int_equal(options.operands.count, 2);
    assert_string_equal(options.operands.items[0], "--all");
}

static void bad_command_lines_are_bad_usage(void **state)
{
    (void)state;
    struct options options = {0};
    assert_int_equal(PARSE(&options, "--sites", "x"), EX_USAGE);
    assert_int_equal(PARSE(&options, "--sit=x"), EX_USAGE);
    assert_int_equal(PARSE(&options, "-s"), EX_USAGE);
    assert_int_equal(PARSE(&options, "--site"), EX_USAGE);
    assert_int_equal(PARSE(&options, "--site="), EX_USAGE);
    assert_int_equal(PARSE(&options, "--all=yes"), EX_USAGE);
    assert_int_equal(PARSE(&options, "--uses", "0"), EX_USAGE);
    assert_int_equal(PARSE(&options, "--uses", "3x"), EX_USAGE);
    assert_int_equal(PARSE(&options, "--uses", "99999999999999999999"), EX_USAGE);
    assert_int_equal(options.uses, 0);
}

static void too_many_words_are_refused(void **state)
{
    (void)state;
    struct options options = {0};
    char word[] = "w", *argv[WORDS_MAX + 1];
    for (size_t i = 0; i <= WORDS_MAX; i++)
        argv[i] = word;
    assert_int_equal(parse(&options, WORDS_MAX, argv), 0);
    options.operands.count = 0;
    assert_int_equal(parse(&options, WORDS_MAX + 1, argv), EX_USAGE);
}

static void help_lists_every_flag(void **state)
{
    (void)state;
    struct options options = {0};
    const struct flag flags[] = {{"--all", FLAG_SWITCH, &options.all, NULL, "every site"},
                                 {"--site", FLAG_TEXT, &options.site, "NAME", "this site"}};
    const struct flag_table table = {flags, ARRAY_LEN(flags)};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    flags_print(&table, out);
    (void)fclose(out);
    assert_string_equal(text, "  --all                      every site\n"
                              "  --site NAME                this site\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_and_operands_in_any_order), cmocka_unit_test(two_dashes_end_the_flags),
        cmocka_unit_test(bad_command_lines_are_bad_usage), cmocka_unit_test(too_many_words_are_refused),
        cmocka_unit_test(help_lists_every_flag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
