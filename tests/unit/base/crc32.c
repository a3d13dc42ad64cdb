#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/crc32.h"

static void matches_the_check_value_of_the_catalogues(void **state)
{
    (void)state;
    assert_int_equal(crc32_of((const uint8_t *)"123456789", 9), 0xCBF43926u);
    assert_int_equal(crc32_of((const uint8_t *)"The quick brown fox jumps over the lazy dog", 43), 0x414FA339u);
    assert_int_equal(crc32_of(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(matches_the_check_value_of_the_catalogues)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
