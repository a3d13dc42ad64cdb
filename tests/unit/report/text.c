#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

static void test_the_whole_report(void **state)
{
    struct report *report = sample_report();
    char *text = sample_print("text", report, false);

    (void)state;
    assert_golden("report.txt", text);
    assert_null(strchr(text, '\x1b'));
    free(text);
    report_free(report);
}

static void test_no_line_is_wider_than_the_page(void **state)
{
    struct report *report = sample_report();
    char *text = sample_print("text", report, false);

    (void)state;
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        assert_in_range(strcspn(line, "\n"), 0, 80 + 2 * 2); /* a replacement character takes 3 bytes of one column */
    free(text);
    report_free(report);
}

static void test_colour_only_when_asked(void **state)
{
    struct report *report = sample_report();
    char *text = sample_print("text", report, true);

    (void)state;
    assert_non_null(strstr(text, "\033[31mpartial\033[0m"));
    free(text);
    report_free(report);
}

/* 131,070 ports of two alternating verdicts: what groups them must not compare each with each at length. */
static void test_a_huge_report_is_printed(void **state)
{
    struct report *report = report_create(65535, 0);

    (void)state;
    for (unsigned i = 0; i < 65535; i++)
        report->ports[i] =
            sample_port((uint16_t)(i + 1), i % 2 ? VERDICT_CLOSED : VERDICT_PASS, i % 2 ? TRI_NO : TRI_YES);
    char *text = sample_print("text", report, false);
    assert_non_null(strstr(text, "65535/udp"));
    free(text);
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_whole_report),
        cmocka_unit_test(test_no_line_is_wider_than_the_page),
        cmocka_unit_test(test_colour_only_when_asked),
        cmocka_unit_test(test_a_huge_report_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
