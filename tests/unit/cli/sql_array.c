#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/sql_array.h"

#include <stdlib.h>

static void assert_array(const struct words *words, const char *expected)
{
    char *array = sql_array(words);
    assert_string_equal(array, expected);
    free(array);
}

static void quotes_every_word(void **state)
{
    (void)state;
    assert_array(&(struct words){0}, "{}");
    assert_array(&(struct words){1, {"a"}}, "{\"a\"}");
    assert_array(&(struct words){3, {"", "null", "a,b} {c"}}, "{\"\",\"null\",\"a,b} {c\"}");
    assert_array(&(struct words){2, {"\"", "\\\\"}}, "{\"\\\"\",\"\\\\\\\\\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(quotes_every_word)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
