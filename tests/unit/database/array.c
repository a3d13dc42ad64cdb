#include "database/array.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void writes_numbers(void **state)
{
    (void)state;
    struct array array = {0};
    array_add_number(&array, 1);
    array_add_number(&array, INT64_MIN);
    assert_string_equal(array_finish(&array), "{1,-9223372036854775808}");
    array_free(&array);
    assert_string_equal(array_finish(&array), "{}");
    array_free(&array);
}

static void is_reopened(void **state)
{
    (void)state;
    struct array array = {0};
    assert_string_equal(array_finish(&array), "{}");
    array_reopen(&array);
    array_add_number(&array, 1);
    assert_string_equal(array_finish(&array), "{1}");
    array_reopen(&array);
    array_add_number(&array, 2);
    assert_string_equal(array_finish(&array), "{1,2}");
    array_free(&array);
}

static void escapes_hostile_text(void **state)
{
    (void)state;
    struct array array = {0};
    array_add_text(&array, "a\"b\\c,{d}");
    array_add_text(&array, NULL);
    array_add_text(&array, "");
    assert_string_equal(array_finish(&array), "{\"a\\\"b\\\\c,{d}\",NULL,\"\"}");
    array_free(&array);
}

static void grows(void **state)
{
    (void)state;
    struct array array = {0};
    for (int i = 0; i < 5000; i++)
        array_add_number(&array, 1234567);
    assert_int_equal(strlen(array_finish(&array)), 5000 * 8 + 1);
    array_free(&array);
}

static void reads_numbers(void **state)
{
    (void)state;
    int64_t numbers[3];
    assert_int_equal(array_read_numbers("{}", numbers, 3), 0);
    assert_int_equal(array_read_numbers("{5,NULL,-7}", numbers, 3), 3);
    assert_int_equal(numbers[0], 5);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(numbers[2], -7);
}

static void refuses_bad_numbers(void **state)
{
    (void)state;
    int64_t numbers[2];
    const char *const bad[] = {"", "1", "{1", "{1,}", "{x}", "{1,2,3}", "{99999999999999999999}", "{1}x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(array_read_numbers(bad[i], numbers, 2), -EINVAL);
}

static void reads_back_what_it_wrote(void **state)
{
    (void)state;
    struct array array = {0};
    array_add_text(&array, "stun.example.com:3478");
    array_add_text(&array, "q\"\\,}");
    const char *cursor = array_finish(&array);
    char text[32];
    assert_int_equal(array_next_text(&cursor, text, sizeof(text)), 1);
    assert_string_equal(text, "stun.example.com:3478");
    assert_int_equal(array_next_text(&cursor, text, sizeof(text)), 1);
    assert_string_equal(text, "q\"\\,}");
    assert_int_equal(array_next_text(&cursor, text, sizeof(text)), 0);
    array_free(&array);
}

static void reads_unquoted_text(void **state)
{
    (void)state;
    const char *cursor = "{a,bc}";
    char text[3];
    assert_int_equal(array_next_text(&cursor, text, sizeof(text)), 1);
    assert_string_equal(text, "a");
    assert_int_equal(array_next_text(&cursor, text, sizeof(text)), 1);
    assert_string_equal(text, "bc");
    assert_int_equal(array_next_text(&cursor, text, sizeof(text)), 0);
}

static void refuses_bad_text(void **state)
{
    (void)state;
    const char *const bad[] = {"", "abc", "{abcdefgh}", "{\"abcdefgh\"}", "{\"ab", "{\"ab\\", "{ab"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *cursor = bad[i];
        char text[4];
        assert_int_equal(array_next_text(&cursor, text, sizeof(text)), -EINVAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_reopened),
        cmocka_unit_test(writes_numbers),
        cmocka_unit_test(escapes_hostile_text),
        cmocka_unit_test(grows),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(refuses_bad_numbers),
        cmocka_unit_test(reads_back_what_it_wrote),
        cmocka_unit_test(reads_unquoted_text),
        cmocka_unit_test(refuses_bad_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
