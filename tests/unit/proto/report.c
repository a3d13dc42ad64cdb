#include "proto/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void new_report_knows_nothing(void **state)
{
    (void)state;
    struct report *report = report_create(3, 0);
    assert_non_null(report);
    assert_int_equal(report->port_count, 3);
    assert_int_equal(report->ports[2].rtt_us, RTT_UNKNOWN_US);
    assert_int_equal(report->ports[2].verdict, 0);
    assert_int_equal(report->nat.binding_lifetime_s, -1);
    report_free(report);
    report_free(NULL);
}

static void a_warning_is_given_once(void **state)
{
    (void)state;
    struct report *report = report_create(0, 0);
    report_warn(report, "loss", "%d %% of the packets were lost.", 20);
    report_warn(report, "loss", "again");
    assert_int_equal(report->warning_count, 1);
    assert_string_equal(report->warnings[0].code, "loss");
    assert_string_equal(report->warnings[0].message, "20 % of the packets were lost.");
    report_free(report);
}

static void full_lists_stay_full(void **state)
{
    (void)state;
    struct report *report = report_create(0, 0);
    for (int i = 0; i < 100; i++) {
        char code[WARNING_CODE_BYTES];
        snprintf(code, sizeof code, "code_%d", i);
        report_warn(report, code, "warning");
        report_advise(report, "advice %d", i);
    }
    assert_int_equal(report->warning_count, REPORT_WARNINGS_MAX);
    assert_int_equal(report->advice_count, REPORT_ADVICE_MAX);
    assert_string_equal(report->advice[REPORT_ADVICE_MAX - 1], "advice 7");
    report_free(report);
}

static void texts_are_cleaned_and_cut(void **state)
{
    (void)state;
    struct report *report = report_create(0, 0);
    static char text[2 * REPORT_MESSAGE_BYTES];
    memset(text, 120, sizeof text - 1);
    text[0] = (char)0xff;
    report_advise(report, "%s", text);
    assert_int_equal(strlen(report->advice[0]), REPORT_MESSAGE_BYTES - 1);
    assert_int_equal(report->advice[0][0], 63);
    report_free(report);
}

static void programs_are_kept_once_however_many_ports_they_hold(void **state)
{
    (void)state;
    enum { PORTS = 3000, PROGRAMS = 70 };
    struct report *report = report_create(PORTS, 0);
    for (int i = 0; i < PORTS; i++) {
        struct port_owner owner = {.pid = 1 + i % PROGRAMS};
        snprintf(owner.name, sizeof owner.name, "program %d", i % PROGRAMS);
        report_set_owner(report, &report->ports[i], &owner);
    }
    assert_int_equal(report->owner_count, PROGRAMS);
    for (int i = 0; i < PORTS; i++) {
        char name[OWNER_NAME_BYTES];
        snprintf(name, sizeof name, "program %d", i % PROGRAMS);
        assert_int_equal(report->ports[i].owner->pid, 1 + i % PROGRAMS);
        assert_string_equal(report->ports[i].owner->name, name);
    }
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_report_knows_nothing),
        cmocka_unit_test(a_warning_is_given_once),
        cmocka_unit_test(full_lists_stay_full),
        cmocka_unit_test(texts_are_cleaned_and_cut),
        cmocka_unit_test(programs_are_kept_once_however_many_ports_they_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
