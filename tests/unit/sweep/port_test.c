#include "sweep/port_test.h"
#include "stun/attribute.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void runs_through_test_3_1_2(void **state)
{
    (void)state;
    const char *why = NULL;
    assert_int_equal(port_test_after(PORT_OPENING, PORT_OPENED, &why), PORT_T3);
    assert_non_null(why);
    assert_int_equal(port_test_after(PORT_OPENING, PORT_OPENED_WITHOUT_T3, NULL), PORT_T1);
    assert_int_equal(port_test_after(PORT_T3, PORT_ANSWERED, NULL), PORT_T1);
    assert_int_equal(port_test_after(PORT_T3, PORT_FAILED, NULL), PORT_T1);
    assert_int_equal(port_test_after(PORT_T1, PORT_ANSWERED, NULL), PORT_T2);
    assert_int_equal(port_test_after(PORT_T1, PORT_ANSWERED_WITHOUT_T2, NULL), PORT_DONE);
    assert_int_equal(port_test_after(PORT_T1, PORT_FAILED, NULL), PORT_DONE);
    assert_int_equal(port_test_after(PORT_T2, PORT_FAILED, NULL), PORT_DONE);
}

static struct qualification qualified(void)
{
    struct qualification qualification = {
        .server = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}},
        .other = {.family = 4, .port = 3479, .ip = {203, 0, 113, 11}},
    };
    qualification.endpoints[ROLE_CONTROL] = SWEEP_EPHEMERAL + 7;
    return qualification;
}

static void test_3_leaves_from_the_control_and_returns_to_the_port(void **state)
{
    (void)state;
    struct qualification qualification = qualified();
    struct request request;
    port_test_request(PORT_T3, 9000, 20, &qualification, &request);
    assert_int_equal(request.endpoint, SWEEP_EPHEMERAL + 7);
    assert_int_equal(request.listener, 9000);
    assert_int_equal(request.response_port, 9000);
    assert_int_equal(request.change, STUN_CHANGE_IP);
    assert_true(address_same_ip(&request.source, &qualification.other));
    assert_int_equal(request.source.port, 3478);
}

/* Not the port that Test 3's answer came from: its unanswered packet may have left its mark in the router. */
static void test_2_is_answered_from_another_port_than_test_3(void **state)
{
    (void)state;
    struct qualification qualification = qualified();
    struct request request;
    port_test_request(PORT_T2, 9000, 20, &qualification, &request);
    assert_int_equal(request.endpoint, 9000);
    assert_int_equal(request.change, STUN_CHANGE_IP | STUN_CHANGE_PORT);
    assert_true(address_equal(&request.source, &qualification.other));
}

static void no_test_of_a_port_goes_to_the_second_address(void **state)
{
    (void)state;
    struct qualification qualification = qualified();
    for (enum port_state test = PORT_T3; test <= PORT_T2; test++) {
        struct request request;
        port_test_request(test, 9000, 20, &qualification, &request);
        assert_true(address_equal(&request.to, &qualification.server));
    }
}

static void records_what_each_test_found(void **state)
{
    (void)state;
    struct observation seen = {0};
    struct answer answer = {.outcome = TEST_REFUSED, .reason = REASON_NO_ROUTE, .sends = 2, .rtt_us = RTT_UNKNOWN_US};
    port_test_record(&seen, PORT_T1, &answer);
    assert_int_equal(seen.t1, TEST_REFUSED);
    assert_int_equal(seen.reason, REASON_NO_ROUTE);
    answer = (struct answer){.outcome = TEST_ERROR, .error_code = 420, .sends = 1};
    port_test_record(&seen, PORT_T2, &answer);
    assert_int_equal(seen.t2, TEST_ERROR);
    assert_int_equal(seen.error_code, 420);
    assert_int_equal(seen.sends_t2, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_through_test_3_1_2),
        cmocka_unit_test(test_3_leaves_from_the_control_and_returns_to_the_port),
        cmocka_unit_test(test_2_is_answered_from_another_port_than_test_3),
        cmocka_unit_test(no_test_of_a_port_goes_to_the_second_address),
        cmocka_unit_test(records_what_each_test_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
