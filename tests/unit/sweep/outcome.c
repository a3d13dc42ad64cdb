#include "sweep/outcome.h"

#include "sweep/accusation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct port_list udp = {.count = 1, .ranges = {{9000, 9003, TRANSPORT_UDP, ROLE_RTP, EXPECT_OPEN, 0}}};

static struct report *report_of(const enum verdict verdicts[4])
{
    struct report *report = report_create(4, 0);
    assert_non_null(report);
    for (uint16_t i = 0; i < 4; i++)
        report->ports[i] = (struct port_result){.port = (uint16_t)(9000 + i),
                                                .transport = TRANSPORT_UDP,
                                                .expect = EXPECT_OPEN,
                                                .verdict = (uint8_t)verdicts[i],
                                                .inbound = verdicts[i] == VERDICT_PASS ? TRI_YES : TRI_NO};
    return report;
}

static void outcome_follows_the_judged_ports(void **state)
{
    (void)state;
    const struct {
        enum verdict verdicts[4];
        enum outcome outcome;
    } rows[] = {
        {{VERDICT_PASS, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS}, OUTCOME_SUPPORTED},
        {{VERDICT_PASS, VERDICT_PASS, VERDICT_PASS, VERDICT_IN_USE}, OUTCOME_SUPPORTED},
        {{VERDICT_PASS, VERDICT_CLOSED, VERDICT_PASS, VERDICT_INCONCLUSIVE}, OUTCOME_PARTIAL},
        {{VERDICT_CLOSED, VERDICT_DYNAMIC, VERDICT_TRANSLATED, VERDICT_UNREACHABLE}, OUTCOME_UNSUPPORTED},
        {{VERDICT_PASS, VERDICT_PASS, VERDICT_INCONCLUSIVE, VERDICT_PASS}, OUTCOME_INCONCLUSIVE},
        {{VERDICT_NO_SECOND_ADDRESS, VERDICT_IN_USE, VERDICT_INCONCLUSIVE, VERDICT_NOT_TESTED}, OUTCOME_NOT_RUN},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct report *report = report_of(rows[i].verdicts);
        outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
        assert_string_equal(outcome_word(report->outcome), outcome_word(rows[i].outcome));
        assert_true(report->message[0] != '\0');
        report_free(report);
    }
}

static void an_alternative_stands_in_for_the_other(void **state)
{
    (void)state;
    struct port_list list = {.count = 2,
                             .ranges = {{9000, 9000, TRANSPORT_UDP, ROLE_HTTPS, EXPECT_OPEN, 1},
                                        {9001, 9003, TRANSPORT_UDP, ROLE_HTTPS, EXPECT_OPEN, 1}}};
    const enum verdict verdicts[4] = {VERDICT_CLOSED, VERDICT_PASS, VERDICT_CLOSED, VERDICT_INCONCLUSIVE};
    struct report *report = report_of(verdicts);
    outcome_conclude(report, &list, SWEEP_END_COMPLETE);
    assert_string_equal(outcome_word(report->outcome), "supported");
    assert_true(report->ports[0].spared && report->ports[2].spared);
    assert_false(report->ports[1].spared || report->ports[3].spared);
    assert_int_equal(port_result_as_expected(&report->ports[0]), TRI_YES);
    assert_int_equal(report->advice_count, 0);
    assert_non_null(strstr(report->message, "2 ports not needed"));
    report->ports[1].verdict = VERDICT_CLOSED; /* another stage knew better */
    outcome_conclude(report, &list, SWEEP_END_COMPLETE);
    assert_string_equal(outcome_word(report->outcome), "unsupported");
    assert_false(report->ports[0].spared);
    report_free(report);
}

static void what_is_closed_as_wanted_is_no_failure(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_CLOSED, VERDICT_CLOSED, VERDICT_PASS, VERDICT_PASS};
    struct report *report = report_of(verdicts);
    report->ports[0].expect = EXPECT_CLOSED;
    outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
    assert_string_equal(report->message,
                        "The firewall check failed for some ports. 1 port closed. 1 port closed, as wanted.");
    report_free(report);
}

static void a_server_that_wants_credentials_says_which(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_NOT_TESTED, VERDICT_NOT_TESTED, VERDICT_NOT_TESTED, VERDICT_NOT_TESTED};
    struct report *report = report_of(verdicts);
    outcome_conclude(report, &udp, SWEEP_END_UNAUTHORIZED);
    assert_int_equal(report->outcome, OUTCOME_NOT_RUN);
    assert_int_equal(report->advice_count, 1);
    assert_non_null(strstr(report->advice[0], "clock"));
    report_free(report);
}

static void advice_names_each_cure_once(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_CLOSED, VERDICT_CLOSED, VERDICT_TRANSLATED, VERDICT_PASS};
    struct report *report = report_of(verdicts);
    outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
    assert_int_equal(report->advice_count, 2);
    assert_non_null(strstr(report->advice[0], "Forward"));
    assert_non_null(strstr(report->advice[1], "static source port"));
    report_free(report);
}

static void a_silent_server_is_named_as_the_cause(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_NOT_TESTED, VERDICT_NOT_TESTED, VERDICT_NOT_TESTED, VERDICT_NOT_TESTED};
    struct report *report = report_of(verdicts);
    outcome_conclude(report, &udp, SWEEP_END_NO_ANSWER);
    assert_int_equal(report->outcome, OUTCOME_NOT_RUN);
    assert_non_null(strstr(report->message, "does not respond"));
    report_free(report);
}

static void cancelled_stays_cancelled(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_PASS, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS};
    struct report *report = report_of(verdicts);
    outcome_conclude(report, &udp, SWEEP_END_CANCELLED);
    assert_int_equal(report->outcome, OUTCOME_CANCELLED);
    report_free(report);
}

static void a_sip_alg_is_to_be_turned_off(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_PASS, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS};
    struct report *report = report_of(verdicts);
    outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
    assert_int_equal(report->advice_count, 0);
    report->nat.sip_alg = TRI_YES;
    outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
    assert_int_equal(report->advice_count, 1);
    assert_non_null(strstr(report->advice[0], "SIP ALG off"));
    assert_true(strlen(report->advice[0]) < REPORT_MESSAGE_BYTES - 1);
    report_free(report);
}

static void without_nat_nothing_has_to_be_forwarded(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_CLOSED, VERDICT_CLOSED, VERDICT_PASS, VERDICT_PASS};
    struct report *report = report_of(verdicts);
    report->nat.mapping = BEHAVIOUR_NONE;
    outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
    assert_int_equal(report->advice_count, 1);
    assert_non_null(strstr(report->advice[0], "Open the closed ports"));
    assert_null(strstr(report->advice[0], "Forward the"));
    report_free(report);
}

static void connections_that_another_takes_are_counted_and_advised_on(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_PASS, VERDICT_PASS, VERDICT_REFUSED, VERDICT_WRONG_HOST};
    struct report *report = report_of(verdicts);
    outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
    assert_non_null(strstr(report->message, "1 port refused."));
    assert_non_null(strstr(report->message, "1 port answered by another host."));
    assert_int_equal(report->advice_count, 2);
    report_free(report);
}

/* The server answers other ports, so it is not the server that turns these away. */
static void a_rejected_port_is_not_blamed_on_the_server(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_PASS, VERDICT_PASS, VERDICT_UNREACHABLE, VERDICT_PASS};
    static const enum reason reasons[] = {REASON_PORT_UNREACHABLE, REASON_NO_ROUTE};
    struct report *report = report_of(verdicts);
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        report->ports[2].reason = (uint8_t)reasons[i];
        outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
        assert_int_equal(report->advice_count, 1);
        assert_non_null(strstr(report->advice[0], "irewall"));
        assert_null(strstr(report->advice[0], "name"));
    }
    report_free(report);
}

static void advice_speaks_of_the_transport_that_fails(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_PASS, VERDICT_PASS, VERDICT_UNREACHABLE, VERDICT_PASS};
    struct report *report = report_of(verdicts);
    report->ports[2].reason = REASON_TIMEOUT;
    outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
    assert_int_equal(report->advice_count, 1);
    assert_non_null(strstr(report->advice[0], "UDP from the unreachable ports"));
    report->ports[2].transport = TRANSPORT_TCP;
    outcome_conclude(report, &(struct port_list){0}, SWEEP_END_COMPLETE);
    assert_int_equal(report->advice_count, 1);
    assert_non_null(strstr(report->advice[0], "over TCP"));
    report_free(report);
}

static void a_server_that_answers_over_tcp_is_not_said_to_be_down(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_NOT_TESTED, VERDICT_NOT_TESTED, VERDICT_NOT_TESTED, VERDICT_NOT_TESTED};
    struct report *report = report_of(verdicts);
    outcome_conclude(report, &udp, SWEEP_END_NO_ANSWER);
    assert_non_null(strstr(report->advice[0], "server is up"));
    report->nat.nat_class = NAT_CLASS_UDP_BLOCKED;
    outcome_conclude(report, &udp, SWEEP_END_NO_ANSWER);
    assert_int_equal(report->advice_count, 1);
    assert_non_null(strstr(report->advice[0], "TCP does"));
    report_free(report);
}

/* TCP ports may pass there. */
static void a_site_without_udp_is_not_supported(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_NOT_TESTED, VERDICT_NOT_TESTED, VERDICT_PASS, VERDICT_PASS};
    struct report *report = report_of(verdicts);
    report->ports[2].transport = report->ports[3].transport = TRANSPORT_TCP;
    report->nat.nat_class = NAT_CLASS_UDP_BLOCKED;
    outcome_conclude(report, &(struct port_list){0}, SWEEP_END_NO_ANSWER);
    assert_int_equal(report->outcome, OUTCOME_INCONCLUSIVE);
    report_free(report);
}

/* Whatever word the accusation begins with. */
static void an_accusation_goes_on_in_the_sentence(void **state)
{
    (void)state;
    const enum verdict verdicts[4] = {VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE,
                                      VERDICT_INCONCLUSIVE};
    struct report *report = report_of(verdicts);
    for (size_t i = 0; i < 4; i++)
        report->ports[i].reason = REASON_SERVER_FAULT;
    report_warn(report, ACCUSATION_TURN_SLOW, "A connection came late.");
    outcome_conclude(report, &udp, SWEEP_END_COMPLETE);
    assert_string_equal(report->message, "The firewall check could not be run: a connection came late.");
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcome_follows_the_judged_ports),
        cmocka_unit_test(an_alternative_stands_in_for_the_other),
        cmocka_unit_test(what_is_closed_as_wanted_is_no_failure),
        cmocka_unit_test(a_server_that_wants_credentials_says_which),
        cmocka_unit_test(advice_names_each_cure_once),
        cmocka_unit_test(a_silent_server_is_named_as_the_cause),
        cmocka_unit_test(cancelled_stays_cancelled),
        cmocka_unit_test(a_sip_alg_is_to_be_turned_off),
        cmocka_unit_test(without_nat_nothing_has_to_be_forwarded),
        cmocka_unit_test(connections_that_another_takes_are_counted_and_advised_on),
        cmocka_unit_test(a_rejected_port_is_not_blamed_on_the_server),
        cmocka_unit_test(advice_speaks_of_the_transport_that_fails),
        cmocka_unit_test(a_server_that_answers_over_tcp_is_not_said_to_be_down),
        cmocka_unit_test(a_site_without_udp_is_not_supported),
        cmocka_unit_test(an_accusation_goes_on_in_the_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
