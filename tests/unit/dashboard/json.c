#include "dashboard/json.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void it_writes_an_object(void **state)
{
    (void)state;
    struct json json;
    json_begin(&json);
    char *text = json_end(&json);
    assert_string_equal(text, "{}");
    free(text);

    json_begin(&json);
    json_add_text(&json, "q", "berlin");
    json_add(&json, "page", 4, "2x", 1);
    text = json_end(&json);
    assert_string_equal(text, "{\"q\":\"berlin\",\"page\":\"2\"}");
    free(text);
}

static void it_escapes_what_would_end_a_string(void **state)
{
    (void)state;
    struct json json;
    json_begin(&json);
    json_add(&json, "a\"b", 3, "\\ \n\0\x7f<", 6);
    char *text = json_end(&json);
    assert_string_equal(text, "{\"a\\u0022b\":\"\\u005c \\u000a\\u0000\x7f<\"}");
    free(text);
}

static void it_grows(void **state)
{
    (void)state;
    char value[5000];
    struct json json;
    memset(value, 'x', sizeof(value));
    json_begin(&json);
    for (int i = 0; i < 10; i++)
        json_add(&json, "k", 1, value, sizeof(value));
    char *text = json_end(&json);
    assert_int_equal(strlen(text), 10 * (sizeof(value) + 7) + 1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_writes_an_object),
        cmocka_unit_test(it_escapes_what_would_end_a_string),
        cmocka_unit_test(it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
