#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/progress.h"

#include <limits.h>
#include <string.h>

static void assert_line(const struct progress *progress, const char *expected)
{
    char line[PROGRESS_LINE_BYTES];
    assert_string_equal(progress_format(progress, line), expected);
}

static void shows_bar_counts_and_estimate(void **state)
{
    (void)state;
    assert_line(
        &(struct progress){7, 2, 8, 4020, 16080, 3, 12},
        "request 7  [#####...............]  2/8 sites  4020/16080 ports  3 waiting for their agent  about 12 s left");
    assert_line(&(struct progress){7, 8, 8, 16080, 16080, 0, -1},
                "request 7  [####################]  8/8 sites  16080/16080 ports");
    assert_line(&(struct progress){1, 0, 1, 0, 20, 0, 0},
                "request 1  [....................]  0/1 sites  0/20 ports  about 0 s left");
}

static void long_waits_are_in_larger_units(void **state)
{
    (void)state;
    char line[PROGRESS_LINE_BYTES];
    assert_non_null(strstr(progress_format(&(struct progress){1, 0, 1, 0, 1, 0, 119}, line), "about 119 s left"));
    assert_non_null(strstr(progress_format(&(struct progress){1, 0, 1, 0, 1, 0, 121}, line), "about 3 min left"));
    assert_non_null(strstr(progress_format(&(struct progress){1, 0, 1, 0, 1, 0, 7201}, line), "about 3 h left"));
}

static void odd_numbers_stay_within_the_line(void **state)
{
    (void)state;
    char line[PROGRESS_LINE_BYTES];
    assert_non_null(strstr(progress_format(&(struct progress){1, 0, 0, 0, 0, 0, -1}, line), "[....................]"));
    assert_non_null(
        strstr(progress_format(&(struct progress){1, 1, 1, 40, 20, 0, -1}, line), "[####################]"));
    const struct progress huge = {LONG_MAX, LONG_MAX, LONG_MAX, 1000, LONG_MAX, LONG_MAX, INT64_MAX - 3599};
    assert_true(strlen(progress_format(&huge, line)) < PROGRESS_LINE_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_bar_counts_and_estimate),
        cmocka_unit_test(long_waits_are_in_larger_units),
        cmocka_unit_test(odd_numbers_stay_within_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
