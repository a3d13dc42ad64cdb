/* Each fault of a STUN server, and what may be said of the ports then. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Most tools count the answer from the first address as a pass. */
static void ignored_change_request_is_no_second_address(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].ignores_change = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    assert_string_equal(lab.report->warnings[0].code, "no_second_address");
    lab_end(&lab);
}

static void ignored_change_request_on_forwarded_ports_is_no_pass(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].ignores_change = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    lab_end(&lab);
}

static void other_address_none_is_no_second_address(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].other = SIM_OTHER_NONE;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    assert_int_equal(lab_port(&lab, 9000)->attempts, 1);
    lab_end(&lab);
}

static void other_address_same_ip_is_no_second_address(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].other = SIM_OTHER_SAME_IP;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    assert_int_equal(lab_port(&lab, 9000)->attempts, 1);
    lab_end(&lab);
}

static void other_address_private_is_no_second_address(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].other = SIM_OTHER_PRIVATE;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    assert_int_equal(lab_port(&lab, 9000)->attempts, 1);
    lab_end(&lab);
}

static void changed_address_of_rfc_3489_serves(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].other = SIM_OTHER_LEGACY;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_PASS, REASON_NONE);
    lab_end(&lab);
}

static void change_request_refused_with_400(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].change_error = 400;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    lab_end(&lab);
}

static void change_request_refused_with_420(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].change_error = 420;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    lab_end(&lab);
}

static void dead_second_address_is_never_closed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].no_second = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    assert_string_equal(lab.report->warnings[0].code, "second_address_silent");
    lab_end(&lab);
}

static void dead_second_address_still_shows_translation(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].no_second = true;
    lab.router.renumbers = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_TRANSLATED, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_UNSUPPORTED);
    lab_end(&lab);
}

static void server_that_answers_every_request_with_an_error(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].error = 500;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_BAD_RESPONSE, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_UNSUPPORTED);
    lab_end(&lab);
}

/* It never gives consent, so it gets a handful of packets and no more. */
static void garbage_is_a_bad_response(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].garbage = true;
    lab_sweep(&lab);
    assert_in_range(lab_count(&lab, VERDICT_BAD_RESPONSE), 1, 5);
    assert_in_range(lab.packets, 1, 20);
    lab_end(&lab);
}

static void wrong_transaction_ids_are_nobodys_answers(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].wrong_id = true;
    lab_sweep(&lab);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    assert_in_range(lab.packets, 6, 20);
    lab_end(&lab);
}

static void answers_from_a_wrong_source_do_not_pass(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].wrong_source = true;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 0);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
    lab_end(&lab);
}

static void response_origin_must_agree(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].lies = true;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 0);
    lab_end(&lab);
}

static void without_response_port_a_forward_shows_by_test_2(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9009);
    lab.servers[0].refuses_port = true;
    lab_sweep(&lab);
    lab_expect_port(&lab, 9000, VERDICT_PASS, REASON_NONE);
    lab_expect_port(&lab, 9010, VERDICT_CLOSED, REASON_NONE);
    assert_int_equal(lab_port(&lab, 9000)->unsolicited, TRI_UNKNOWN);
    assert_int_equal(lab_port(&lab, 9010)->unsolicited, TRI_UNKNOWN);
    assert_string_equal(lab.report->warnings[0].code, "no_response_port");
    lab_end(&lab);
}

/* The answer comes back to the port that asked, and Test 3 must not count it. */
static void ignored_response_port_proves_nothing(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9009);
    lab.router.filter = SIM_FILTER_ENDPOINT;
    lab.servers[0].ignores_port = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_int_equal(lab_port(&lab, 9000)->unsolicited, TRI_UNKNOWN);
    lab_end(&lab);
}

static void absent_server_is_not_run(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].absent = true;
    lab_sweep(&lab);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    lab_expect_all(&lab, VERDICT_NOT_TESTED, REASON_NEVER_REACHED);
    assert_in_range(lab.packets, 6, 20);
    lab_end(&lab);
}

static void missing_mapped_address_leaves_alg_unknown(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].no_mapped = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_PASS, REASON_NONE);
    assert_int_equal(lab.report->nat.generic_alg, TRI_UNKNOWN);
    lab_end(&lab);
}

static void rewritten_payload_is_a_generic_alg(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.servers[0].rewritten = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_PASS, REASON_NONE);
    assert_int_equal(lab.report->nat.generic_alg, TRI_YES);
    lab_end(&lab);
}

/* The nonce is bound to the port: each pays one more round trip at Test 1, and Test 3 none. */
static void secure_stun_is_answered_with_credentials(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9009);
    lab.servers[0].secure = true;
    snprintf(lab.plan.user, sizeof(lab.plan.user), SIM_USER);
    snprintf(lab.plan.password, sizeof(lab.plan.password), SIM_PASSWORD);
    lab_sweep(&lab);
    lab_expect_port(&lab, 9000, VERDICT_PASS, REASON_NONE);
    lab_expect_port(&lab, 9010, VERDICT_CLOSED, REASON_NONE);
    assert_int_equal(lab_port(&lab, 9000)->attempts, 4);
    lab_expect_class(&lab, NAT_CLASS_PORT_RESTRICTED_CONE);
    lab_end(&lab);
}

static void stale_nonces_are_renewed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9099/udp");
    lab_forward(&lab, 9000, 9099);
    lab.servers[0].secure = true;
    lab.servers[0].nonce_life_us = 300000;
    snprintf(lab.plan.user, sizeof(lab.plan.user), SIM_USER);
    snprintf(lab.plan.password, sizeof(lab.plan.password), SIM_PASSWORD);
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_PASS, REASON_NONE);
    assert_int_equal(lab_port(&lab, 9050)->unsolicited, TRI_YES);
    lab_end(&lab);
}

static void secure_stun_without_credentials_is_not_run(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].secure = true;
    lab_sweep(&lab);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    assert_non_null(strstr(lab.report->message, "credentials"));
    assert_in_range(lab.packets, 1, 20);
    lab_end(&lab);
}

static void secure_stun_with_a_wrong_password_is_not_run(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.servers[0].secure = true;
    snprintf(lab.plan.user, sizeof(lab.plan.user), SIM_USER);
    snprintf(lab.plan.password, sizeof(lab.plan.password), "wrong");
    lab_sweep(&lab);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    assert_non_null(strstr(lab.report->message, "credentials"));
    assert_in_range(lab.packets, 1, 20);
    lab_end(&lab);
}

static void second_server_takes_over_from_an_absent_first(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.plan.server_count = 2;
    lab_forward(&lab, 9000, 9009);
    lab.servers[0].absent = true;
    lab_sweep(&lab);
    lab_expect_port(&lab, 9000, VERDICT_PASS, REASON_NONE);
    lab_expect_port(&lab, 9019, VERDICT_CLOSED, REASON_NONE);
    assert_string_equal(lab.report->server_name, "stun2.example");
    lab_end(&lab);
}

static void second_server_is_preferred_when_the_first_has_no_second_address(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.plan.server_count = 2;
    lab_forward(&lab, 9000, 9009);
    lab.servers[0].other = SIM_OTHER_NONE;
    lab_sweep(&lab);
    lab_expect_port(&lab, 9000, VERDICT_PASS, REASON_NONE);
    assert_string_equal(lab.report->server_name, "stun2.example");
    lab_end(&lab);
}

static void first_server_is_used_when_no_server_is_better(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.plan.server_count = 2;
    lab.servers[0].other = SIM_OTHER_NONE;
    lab.servers[1].absent = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    assert_string_equal(lab.report->server_name, "stun1.example");
    lab_end(&lab);
}

static void server_that_dies_in_the_middle_is_replaced(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab.plan.server_count = 2;
    lab_forward(&lab, 9000, 9099);
    lab.servers[0].dies_us = 2500000;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 100);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 100);
    assert_string_equal(lab.report->server_name, "stun2.example");
    lab_end(&lab);
}

/* What was proven before stays; what was open then is in doubt; nothing is called closed or unreachable for it. */
/* It goes on answering, but never again with what would prove or disprove a failure. */
static void only_server_errs_from_the_middle_on(void **state)
{
    (void)state;
    for (unsigned forwarded = 0; forwarded <= 1; forwarded++)
        for (uint64_t after_us = 1200000; after_us < 2200000; after_us += 50000) {
            struct lab lab;
            lab_begin(&lab, "9000-9063/udp");
            if (forwarded)
                lab_forward(&lab, 9000, 9063);
            lab.servers[0].errs_us = after_us;
            lab_sweep(&lab);
            assert_int_equal(lab_count(&lab, forwarded ? VERDICT_CLOSED : VERDICT_PASS), 0);
            assert_int_equal(lab_count(&lab, VERDICT_UNREACHABLE), 0);
            assert_in_range(lab.took_us, 0, 30000000);
            lab_end(&lab);
        }
}

static void server_that_errs_from_the_middle_on_is_replaced(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9063/udp");
    lab_forward(&lab, 9000, 9031);
    lab.servers[0].errs_us = 1400000;
    lab.plan.server_count = 2;
    lab_sweep(&lab);
    for (uint16_t port = 9000; port < 9064; port++)
        lab_expect_port(&lab, port, port < 9032 ? VERDICT_PASS : VERDICT_CLOSED, REASON_NONE);
    assert_string_equal(lab.report->server_name, "stun2.example");
    lab_end(&lab);
}

static void only_server_dies_in_the_middle(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9599/udp");
    lab_forward(&lab, 9000, 9099);
    lab.servers[0].dies_us = 2500000;
    lab_sweep(&lab);
    for (uint16_t port = 9000; port < 9100; port++)
        assert_int_not_equal(lab_port(&lab, port)->verdict, VERDICT_CLOSED);
    assert_true(lab_count(&lab, VERDICT_PASS) > 10);
    assert_int_equal(lab_count(&lab, VERDICT_UNREACHABLE), 0);
    assert_true(lab_count(&lab, VERDICT_NOT_TESTED) > 0);
    assert_true(lab_count(&lab, VERDICT_INCONCLUSIVE) > 10);
    lab_end(&lab);
}

static void second_address_dies_in_the_middle(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab_forward(&lab, 9000, 9099);
    lab.servers[0].second_dies_us = 2500000;
    lab_sweep(&lab);
    for (uint16_t port = 9000; port < 9100; port++)
        assert_int_not_equal(lab_port(&lab, port)->verdict, VERDICT_CLOSED);
    assert_true(lab_count(&lab, VERDICT_PASS) > 10);
    assert_true(lab_count(&lab, VERDICT_INCONCLUSIVE) > 50);
    lab_end(&lab);
}

/* A name may resolve to both addresses; ports that sent to the one must never be answered from it. */
static void two_addresses_of_one_vantage_never_test_each_other(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.plan.server_count = 2;
    lab.plan.servers[1].address = sim_remote_address(3);
    lab.servers[0].dies_us = 1300000;
    lab_forward(&lab, 9000, 9009);
    lab_sweep(&lab);
    assert_string_equal(lab.report->server_name, "stun1.example");
    lab_end(&lab);
}

/* A server that protects itself: old ports still prove it, new ones get no answer. */
static void second_address_that_shuns_new_ports_is_never_closed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9039/udp");
        lab_forward(&lab, 9000, 9039);
        lab.plan.seed = seed;
        lab.servers[0].second_ports = 20;
        lab_sweep(&lab);
        assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
        assert_true(lab_count(&lab, VERDICT_PASS) > 10);
        lab_end(&lab);
    }
}

/* A limit on answers, as some servers have against floods. */
static void server_that_answers_each_port_a_few_times_ends_the_sweep(void **state)
{
    (void)state;
    for (unsigned answers = 1; answers <= 6; answers++)
        for (int forwarded = 0; forwarded < 2; forwarded++) {
            struct lab lab;
            lab_begin(&lab, "5060/udp,9000-9019/udp");
            if (forwarded)
                lab_forward(&lab, 5060, 9019);
            lab.servers[0].answers_a_port = answers;
            lab.plan.patience_us = 5000000;
            lab_sweep(&lab);
            assert_int_equal(lab_count(&lab, forwarded ? VERDICT_CLOSED : VERDICT_PASS), 0);
            assert_in_range(lab.took_us, 0, 60000000);
            lab_end(&lab);
        }
}

/* Its silence at the start lies before the first proof and shows neither a filter nor a missing forward. */
static void second_address_that_comes_late_shows_nothing_by_its_silence(void **state)
{
    (void)state;
    for (uint64_t comes_us = 1000000; comes_us < 5000000; comes_us += 50000) { /* the sweep starts at 1 s */
        struct lab lab;
        lab_begin(&lab, "9000-9039/udp");
        lab.router.filter = SIM_FILTER_ENDPOINT;
        lab_forward(&lab, 9000, 9019);
        lab.servers[0].second_comes_us = comes_us;
        lab_sweep(&lab);
        for (uint16_t port = 9000; port < 9040; port++) {
            uint8_t verdict = lab_port(&lab, port)->verdict;
            assert_int_not_equal(verdict, VERDICT_CLOSED);
            assert_int_not_equal(verdict, port < 9020 ? VERDICT_DYNAMIC : VERDICT_PASS);
        }
        lab_end(&lab);
    }
}

/* What was answered was not lost. */
static void errors_of_the_server_are_no_loss(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9039/udp");
    lab_forward(&lab, 9000, 9039);
    lab.servers[0].change_error = 500;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    for (size_t i = 0; i < lab.report->warning_count; i++)
        assert_string_not_equal(lab.report->warnings[i].code, "loss");
    lab_end(&lab);
}

/* What it says of the mapping is no router's doing; who tells the truth is preferred. */
static void false_mapped_port_is_no_translation(void **state)
{
    (void)state;
    for (int helped = 0; helped < 2; helped++) {
        struct lab lab;
        lab_begin(&lab, "9000-9019/udp");
        lab_forward(&lab, 9000, 9019);
        lab.servers[0].mapped_shift = 1;
        lab.plan.server_count = 1 + (size_t)helped;
        lab_sweep(&lab);
        lab_expect_all(&lab, helped ? VERDICT_PASS : VERDICT_INCONCLUSIVE, helped ? REASON_NONE : REASON_SERVER_FAULT);
        lab_expect_class(&lab, helped ? NAT_CLASS_PORT_RESTRICTED_CONE : NAT_CLASS_UNKNOWN);
        if (!helped)
            assert_non_null(strstr(lab.report->message, "says that packets of this host come from"));
        lab_end(&lab);
    }
}

/* Test 3 that a server leaves out, as it answers few ports or only so many a second, is no missing forward. */
static void response_port_that_is_left_out_is_no_missing_forward(void **state)
{
    (void)state;
    for (int nat = 0; nat < 2; nat++) {
        struct lab lab;
        lab_begin(&lab, "9000-9019/udp");
        lab.router.mapping = nat ? SIM_ENDPOINT_INDEPENDENT : SIM_NO_NAT;
        lab.router.filter = nat ? SIM_FILTER_ENDPOINT : SIM_FILTER_NONE;
        if (nat)
            lab_forward(&lab, 9000, 9019);
        lab.servers[0].port_from = 32768;
        lab_sweep(&lab);
        lab_expect_all(&lab, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
        lab_end(&lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ignored_change_request_is_no_second_address),
        cmocka_unit_test(ignored_change_request_on_forwarded_ports_is_no_pass),
        cmocka_unit_test(other_address_none_is_no_second_address),
        cmocka_unit_test(other_address_same_ip_is_no_second_address),
        cmocka_unit_test(other_address_private_is_no_second_address),
        cmocka_unit_test(changed_address_of_rfc_3489_serves),
        cmocka_unit_test(change_request_refused_with_400),
        cmocka_unit_test(change_request_refused_with_420),
        cmocka_unit_test(dead_second_address_is_never_closed),
        cmocka_unit_test(dead_second_address_still_shows_translation),
        cmocka_unit_test(server_that_answers_every_request_with_an_error),
        cmocka_unit_test(garbage_is_a_bad_response),
        cmocka_unit_test(wrong_transaction_ids_are_nobodys_answers),
        cmocka_unit_test(answers_from_a_wrong_source_do_not_pass),
        cmocka_unit_test(response_origin_must_agree),
        cmocka_unit_test(without_response_port_a_forward_shows_by_test_2),
        cmocka_unit_test(ignored_response_port_proves_nothing),
        cmocka_unit_test(absent_server_is_not_run),
        cmocka_unit_test(missing_mapped_address_leaves_alg_unknown),
        cmocka_unit_test(rewritten_payload_is_a_generic_alg),
        cmocka_unit_test(secure_stun_is_answered_with_credentials),
        cmocka_unit_test(stale_nonces_are_renewed),
        cmocka_unit_test(secure_stun_without_credentials_is_not_run),
        cmocka_unit_test(secure_stun_with_a_wrong_password_is_not_run),
        cmocka_unit_test(second_server_takes_over_from_an_absent_first),
        cmocka_unit_test(second_server_is_preferred_when_the_first_has_no_second_address),
        cmocka_unit_test(first_server_is_used_when_no_server_is_better),
        cmocka_unit_test(server_that_dies_in_the_middle_is_replaced),
        cmocka_unit_test(only_server_errs_from_the_middle_on),
        cmocka_unit_test(server_that_errs_from_the_middle_on_is_replaced),
        cmocka_unit_test(only_server_dies_in_the_middle),
        cmocka_unit_test(second_address_dies_in_the_middle),
        cmocka_unit_test(second_address_that_shuns_new_ports_is_never_closed),
        cmocka_unit_test(server_that_answers_each_port_a_few_times_ends_the_sweep),
        cmocka_unit_test(second_address_that_comes_late_shows_nothing_by_its_silence),
        cmocka_unit_test(errors_of_the_server_are_no_loss),
        cmocka_unit_test(false_mapped_port_is_no_translation),
        cmocka_unit_test(response_port_that_is_left_out_is_no_missing_forward),
        cmocka_unit_test(two_addresses_of_one_vantage_never_test_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
