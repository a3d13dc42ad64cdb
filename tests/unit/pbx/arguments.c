#include "pbx/arguments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static void a_line_is_split_at_blanks_and_nothing_else(void **state)
{
    (void)state;
    struct arguments arguments;
    arguments_clear(&arguments);
    assert_int_equal(arguments_add(&arguments, "/bin/a b"), 0);
    assert_int_equal(arguments_split(&arguments, "  $(x)\t'y z' "), 0);
    assert_int_equal(arguments.count, 4);
    assert_string_equal(arguments.argv[0], "/bin/a b");
    assert_string_equal(arguments.argv[1], "$(x)");
    assert_string_equal(arguments.argv[2], "'y");
    assert_string_equal(arguments.argv[3], "z'");
    assert_null(arguments.argv[4]);
}

static void too_many_words_are_refused(void **state)
{
    (void)state;
    struct arguments arguments;
    arguments_clear(&arguments);
    for (int i = 0; i < ARGUMENTS_MAX; i++)
        assert_int_equal(arguments_add(&arguments, ""), 0);
    assert_int_equal(arguments_add(&arguments, ""), -E2BIG);
    assert_null(arguments.argv[ARGUMENTS_MAX]);
}

static void too_long_words_are_refused(void **state)
{
    (void)state;
    struct arguments arguments;
    char word[ARGUMENTS_TEXT_BYTES + 1];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    arguments_clear(&arguments);
    assert_int_equal(arguments_add(&arguments, word), -E2BIG);
    assert_int_equal(arguments_add(&arguments, word + 1), 0);
    assert_int_equal(arguments_add(&arguments, ""), -E2BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_split_at_blanks_and_nothing_else),
        cmocka_unit_test(too_many_words_are_refused),
        cmocka_unit_test(too_long_words_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
