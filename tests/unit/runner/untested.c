#include "runner/untested.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void every_port_says_why_it_was_not_tested(void **state)
{
    (void)state;
    char message[PORT_LIST_MESSAGE_BYTES];
    struct port_list ports;
    assert_int_equal(port_list_parse("5060-5061/tcp,9000/udp", &ports, message), 0);
    struct report *report = untested_report(&ports, 6, OUTCOME_NOT_RUN, REASON_NEVER_REACHED, "no way out");
    assert_non_null(report);
    assert_int_equal(report->outcome, OUTCOME_NOT_RUN);
    assert_int_equal(report->family, 6);
    assert_string_equal(report->message, "no way out");
    assert_int_equal(report->nat.nat_class, NAT_CLASS_UNKNOWN);
    assert_int_equal(report->nat.binding_lifetime_s, -1);
    assert_true(report->started_at_us > 0);
    assert_int_equal(report->port_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(report->ports[i].verdict, VERDICT_NOT_TESTED);
        assert_int_equal(report->ports[i].reason, REASON_NEVER_REACHED);
        assert_int_equal(report->ports[i].rtt_us, RTT_UNKNOWN_US);
    }
    assert_int_equal(report->ports[0].transport, TRANSPORT_UDP); /* in a report's order */
    assert_int_equal(report->ports[2].port, 5061);
    report_free(report);
}

static void a_message_that_is_too_long_is_cut(void **state)
{
    (void)state;
    static char endless[2 * REPORT_MESSAGE_BYTES];
    struct port_list ports = {.count = 0};
    for (size_t i = 0; i + 1 < sizeof endless; i++)
        endless[i] = 'x';
    struct report *report = untested_report(&ports, 4, OUTCOME_CANCELLED, REASON_CANCELLED, endless);
    assert_non_null(report);
    assert_int_equal(report->port_count, 0);
    assert_int_equal(report->message[REPORT_MESSAGE_BYTES - 1], '\0');
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_port_says_why_it_was_not_tested),
        cmocka_unit_test(a_message_that_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
