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

/* One port with a verdict, printed. */
static char *print_one(enum verdict verdict, enum reason reason, uint8_t family)
{
    struct report *report = report_create(1, 0);
    assert_non_null(report);
    report->family = family;
    report->ports[0] = sample_port(5060, verdict, TRI_NO);
    report->ports[0].reason = (uint8_t)reason;
    char *text = sample_print("text", report, false);
    report_free(report);
    return text;
}

static void test_who_is_at_fault_is_said_and_where_to_look(void **state)
{
    static const struct {
        enum verdict verdict;
        enum reason reason;
        uint8_t family;
        const char *fault, *hint;
    } cases[] = {
        {VERDICT_PASS, REASON_NONE, 4, NULL, NULL},
        {VERDICT_CLOSED, REASON_NONE, 4, "the router or firewall (1 port)", "To forward ports"},
        {VERDICT_CLOSED, REASON_NONE, 6, "the router or firewall (1 port)", NULL},
        {VERDICT_TRANSLATED, REASON_NONE, 4, "the router or firewall (1 port)", "To keep the source ports"},
        {VERDICT_UNREACHABLE, REASON_TIMEOUT, 6, "the router or firewall (1 port)", "To let packets"},
        {VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION, 4, "the router or firewall (1 port)", "To exempt"},
        {VERDICT_INCONCLUSIVE, REASON_TABLE_FULL, 4, "the router or firewall (1 port)", "To make room"},
        {VERDICT_NO_SECOND_ADDRESS, REASON_NONE, 4, "the server, not the firewall (1 port)", NULL},
        {VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT, 4, "the server, not the firewall (1 port)", NULL},
        {VERDICT_INCONCLUSIVE, REASON_LOSS, 4, "the line (1 port)", NULL},
        {VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR, 4, "this host (1 port)", NULL},
        {VERDICT_NOT_TESTED, REASON_CANCELLED, 4, NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = print_one(cases[i].verdict, cases[i].reason, cases[i].family);
        const char *fault = strstr(text, "at fault"), *hints = strstr(text, "\nTo ");
        assert_int_equal(fault != NULL, cases[i].fault != NULL);
        assert_true(!fault || strstr(text, cases[i].fault));
        assert_int_equal(hints != NULL, cases[i].hint != NULL);
        assert_true(!hints || strstr(text, cases[i].hint));
        free(text);
    }
}

static void test_what_is_wrong_comes_first(void **state)
{
    struct report *report = report_create(3, 0);
    assert_non_null(report);

    (void)state;
    report->ports[0] = sample_port(5060, VERDICT_PASS, TRI_YES);
    report->ports[1] = sample_port(5061, VERDICT_INCONCLUSIVE, TRI_UNKNOWN);
    report->ports[2] = sample_port(5062, VERDICT_CLOSED, TRI_NO);
    char *text = sample_print("text", report, false);
    assert_true(strstr(text, "5062/udp") < strstr(text, "5061/udp"));
    assert_true(strstr(text, "5061/udp") < strstr(text, "5060/udp"));
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
        cmocka_unit_test(test_who_is_at_fault_is_said_and_where_to_look),
        cmocka_unit_test(test_what_is_wrong_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
