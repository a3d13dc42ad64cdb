#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void dates_are_utc_with_milliseconds(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_BYTES];
    assert_string_equal(clock_format_rfc3339(0, text), "1970-01-01T00:00:00.000Z");
    assert_string_equal(clock_format_rfc3339(1767322800123456, text), "2026-01-02T03:00:00.123Z");
    assert_string_equal(clock_format_rfc3339(-1, text), "1969-12-31T23:59:59.999Z");
}

static void no_number_overflows_the_text(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_BYTES];
    clock_format_rfc3339(INT64_MAX, text);
    clock_format_rfc3339(INT64_MIN, text);
}

static void time_does_not_run_backwards(void **state)
{
    (void)state;
    uint64_t before = clock_monotonic_us();
    assert_true(clock_monotonic_us() >= before);
    assert_true(clock_wall_us() > 1700000000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_utc_with_milliseconds),
        cmocka_unit_test(no_number_overflows_the_text),
        cmocka_unit_test(time_does_not_run_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
