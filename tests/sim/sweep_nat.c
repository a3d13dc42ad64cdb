/* Each kind of NAT, and the judgement it deserves. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void static_forward_passes(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_forward(&lab, 5060, 5060);
    lab_forward(&lab, 9000, 9019);
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_PASS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_SUPPORTED);
    lab_expect_class(&lab, NAT_CLASS_PORT_RESTRICTED_CONE);
    const struct port_result *sip = lab_port(&lab, 5060);
    assert_int_equal(sip->reached, TRI_YES);
    assert_int_equal(sip->preserved, TRI_YES);
    assert_int_equal(sip->inbound, TRI_YES);
    assert_int_equal(sip->unsolicited, TRI_YES);
    assert_int_equal(sip->attempts, 3);
    assert_int_equal(sip->rtt_us, 10000);
    assert_int_equal(lab.report->nat.port_preservation, TRI_YES);
    assert_int_equal(lab.report->nat.generic_alg, TRI_NO);
    lab_end(&lab);
}

static void port_restricted_without_forward_is_closed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_CLOSED, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_UNSUPPORTED);
    lab_expect_class(&lab, NAT_CLASS_PORT_RESTRICTED_CONE);
    const struct port_result *sip = lab_port(&lab, 5060);
    assert_int_equal(sip->inbound, TRI_NO);
    assert_int_equal(sip->unsolicited, TRI_NO);
    assert_in_range(sip->attempts, 7, 11);
    lab_end(&lab);
}

static void dynamic_full_cone_is_dynamic(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab.router.filter = SIM_FILTER_ENDPOINT;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_DYNAMIC, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_UNSUPPORTED);
    lab_expect_class(&lab, NAT_CLASS_FULL_CONE);
    lab_end(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(static_forward_passes),
        cmocka_unit_test(port_restricted_without_forward_is_closed),
        cmocka_unit_test(dynamic_full_cone_is_dynamic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
