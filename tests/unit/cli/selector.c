#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/selector.h"

#include <string.h>
#include <sysexits.h>

static int parse(struct selector *selector, int argc, char *const *argv)
{
    struct flag flags[SELECTOR_FLAG_COUNT];
    struct words operands = {0};
    selector_flags(selector, flags);
    return flags_parse(&(struct flag_table){flags, ARRAY_LEN(flags)}, 1, argc, argv, &operands);
}

#define PARSE(selector, ...)                                                                                           \
    parse(selector, (int)(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)), (char *[]){__VA_ARGS__})

static void flags_become_the_parameters_of_the_sql(void **state)
{
    (void)state;
    struct selector selector = {0};
    struct sql_parameters parameters;
    assert_int_equal(PARSE(&selector, "--customer", "Acme", "--tag", "de", "--tag", "isp=\"x\"", "--nat-class",
                           "symmetric", "--not-checked-since", "7 days"),
                     0);
    assert_int_equal(selector_check(&selector), 0);
    selector_parameters(&selector, &parameters);
    assert_int_equal(parameters.count, SELECTOR_FLAG_COUNT);
    assert_null(parameters.values[0]);
    assert_null(parameters.values[1]);
    assert_string_equal(parameters.values[2], "{\"Acme\"}");
    assert_string_equal(parameters.values[3], "{\"de\",\"isp=\\\"x\\\"\"}");
    assert_string_equal(parameters.values[4], "{\"symmetric\"}");
    assert_null(parameters.values[5]);
    assert_string_equal(parameters.values[6], "7 days");
    selector_free_parameters(&parameters);
}

static void all_is_a_boolean(void **state)
{
    (void)state;
    struct selector selector = {0};
    struct sql_parameters parameters;
    assert_int_equal(PARSE(&selector, "--all"), 0);
    assert_int_equal(selector_check(&selector), 0);
    selector_parameters(&selector, &parameters);
    assert_string_equal(parameters.values[0], "true");
    for (size_t i = 1; i < parameters.count; i++)
        assert_null(parameters.values[i]);
    selector_free_parameters(&parameters);
}

static void every_flag_alone_is_a_choice(void **state)
{
    (void)state;
    static char *const flags[] = {"--site", "--customer", "--tag", "--nat-class", "--outcome", "--not-checked-since"};
    for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
        struct selector selector = {0};
        assert_true(selector_empty(&selector));
        assert_int_equal(PARSE(&selector, flags[i], "x"), 0);
        assert_false(selector_empty(&selector));
        assert_int_equal(selector_check(&selector), 0);
        selector.all = true;
        assert_int_equal(selector_check(&selector), EX_USAGE);
    }
}

static void nothing_chosen_is_bad_usage(void **state)
{
    (void)state;
    struct selector selector = {0};
    assert_int_equal(selector_check(&selector), EX_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_become_the_parameters_of_the_sql),
        cmocka_unit_test(all_is_a_boolean),
        cmocka_unit_test(every_flag_alone_is_a_choice),
        cmocka_unit_test(nothing_chosen_is_bad_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
