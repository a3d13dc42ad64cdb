#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

static void test_the_whole_report(void **state)
{
    struct report *report = sample_report();
    char *text = sample_print("csv", report, false);

    (void)state;
    assert_golden("report.csv", text);
    free(text);
    report_free(report);
}

static void test_every_row_has_every_column(void **state)
{
    struct report *report = sample_report();
    char *text = sample_print("csv", report, false);
    size_t rows = 0;

    (void)state;
    for (const char *line = text; *line; line = strstr(line, "\r\n") + 2, rows++) {
        size_t commas = 0;
        bool quoted = false;
        for (const char *at = line; strncmp(at, "\r\n", 2) != 0; at++) {
            quoted = *at == '"' ? !quoted : quoted;
            commas += *at == ',' && !quoted;
        }
        assert_int_equal(commas, 17);
    }
    assert_int_equal(rows, 1 + report->port_count);
    free(text);
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_whole_report),
        cmocka_unit_test(test_every_row_has_every_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
