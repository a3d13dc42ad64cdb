#include "proto/bytea.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void bytes_become_hexadecimal(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x00, 0x9a, 0xff};
    char text[BYTEA_TEXT_BYTES(sizeof bytes) + 1];
    memset(text, '#', sizeof text);
    assert_string_equal(bytea_format(bytes, sizeof bytes, text), "\\x009aff");
    assert_int_equal(text[sizeof text - 1], '#');
}

static void no_bytes_are_an_empty_value(void **state)
{
    (void)state;
    char text[BYTEA_TEXT_BYTES(0)];
    assert_string_equal(bytea_format(NULL, 0, text), "\\x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_hexadecimal),
        cmocka_unit_test(no_bytes_are_an_empty_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
