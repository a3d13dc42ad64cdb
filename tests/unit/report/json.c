#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

static void test_the_whole_report(void **state)
{
    struct report *report = sample_report();
    char *text = sample_print("json", report, false);

    (void)state;
    assert_golden("report.json", text);
    free(text);
    report_free(report);
}

/* Nothing known: every key is there all the same, and unknown is null. */
static void test_an_empty_report(void **state)
{
    struct report *report = report_create(0, 0);

    (void)state;
    assert_non_null(report);
    report->outcome = OUTCOME_NOT_RUN;
    report->family = 6;
    report->nat.binding_lifetime_s = -1;
    char *text = sample_print("json", report, false);
    assert_golden("empty.json", text);
    free(text);
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_whole_report),
        cmocka_unit_test(test_an_empty_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
