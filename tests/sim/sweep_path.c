/* What the path does to packets: loss, delay, jitter, doubles, forgeries; and what the clock demands. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void loss_is_not_closed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9099/udp");
    lab_forward(&lab, 9000, 9099);
    lab.path.loss = 0.2;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
    assert_int_equal(lab_count(&lab, VERDICT_UNREACHABLE), 0);
    assert_true(lab_count(&lab, VERDICT_PASS) >= 99);
    lab_end(&lab);
}

/* 20 % each way over many seeds: 20,000 open ports, and a false closed must be rarer than 1 in 10,000. */
static void false_closed_is_rarer_than_one_in_ten_thousand(void **state)
{
    (void)state;
    uint32_t wrong = 0, judged = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9999/udp");
        lab_forward(&lab, 9000, 9999);
        lab.plan.seed = seed;
        lab.path.loss = 0.2;
        lab_sweep(&lab);
        wrong += lab_count(&lab, VERDICT_CLOSED) + lab_count(&lab, VERDICT_UNREACHABLE);
        judged += lab_count(&lab, VERDICT_PASS);
        lab_end(&lab);
    }
    assert_in_range(wrong, 0, 2);
    assert_in_range(judged, 19900, 20000);
}

/* Another line to the second address, worse than that to the first. */
static void loss_of_the_second_address_alone_is_not_closed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9199/udp");
        lab_forward(&lab, 9000, 9099);
        lab.path.loss_second = 0.3;
        lab.plan.seed = seed;
        lab_sweep(&lab);
        for (uint16_t port = 9000; port < 9100; port++) {
            assert_int_not_equal(lab_port(&lab, port)->verdict, VERDICT_CLOSED);
            assert_int_not_equal(lab_port(&lab, port)->inbound, TRI_NO);
            assert_int_not_equal(lab_port(&lab, port)->unsolicited, TRI_NO);
        }
        assert_in_range(lab_count(&lab, VERDICT_PASS), 95, 100);
        assert_in_range(lab_count(&lab, VERDICT_CLOSED), 80, 100);
        lab_end(&lab);
    }
}

static void sends_follow_the_loss(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab.path.loss = 0.2;
    lab_sweep(&lab);
    assert_true(lab_count(&lab, VERDICT_CLOSED) >= 190);
    assert_in_range(lab_port(&lab, 9100)->attempts, 15, 40);
    lab_end(&lab);
}

static void too_much_loss_is_inconclusive(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab.path.loss = 0.4;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
    assert_true(lab_count(&lab, VERDICT_INCONCLUSIVE) > 180);
    lab_end(&lab);
}

/* A server that drops what comes faster than it likes looks like a lossy path, and is no reason to call a port closed.
 */
static void rate_limited_server_is_never_closed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab_forward(&lab, 9000, 9199);
    lab.servers[0].rate_pps = 200;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
    assert_int_equal(lab_count(&lab, VERDICT_UNREACHABLE), 0);
    lab_end(&lab);
}

static void long_way_with_jitter_reorders_and_still_passes(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab_forward(&lab, 9000, 9099);
    lab.path.delay_us = 300000;
    lab.path.jitter_us = 150000;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 100);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 100);
    lab_end(&lab);
}

static void doubled_packets_count_once(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab_forward(&lab, 9000, 9099);
    lab.path.duplicate = 0.5;
    lab.path.jitter_us = 30000;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 100);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 100);
    lab_end(&lab);
}

/* Doubled and delayed, a late answer of Test 3 arrives when Test 1 is under way: it must not count. */
static void late_answer_of_test_3_does_not_count(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9049/udp");
    lab.router.filter = SIM_FILTER_ENDPOINT;
    lab.path.duplicate = 0.5;
    lab.path.jitter_us = 900000;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 0);
    lab_end(&lab);
}

static void forged_answers_are_ignored(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.strangers = "everywhere";
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_CLOSED, REASON_NONE);
    lab_end(&lab);
}

static void open_ports_in_time(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-10999/udp");
    lab_forward(&lab, 9000, 10999);
    lab.plan.pace_pps = 0;
    lab.path.delay_us = 100;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_PASS, REASON_NONE);
    assert_in_range(lab.took_us, 0, 200000);
    lab_end(&lab);
}

static void closed_ports_in_time(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-10999/udp");
    lab.plan.pace_pps = 0;
    lab.path.delay_us = 100;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_CLOSED, REASON_NONE);
    assert_in_range(lab.took_us, 0, 1000000);
    lab_end(&lab);
}

/* At a pace a sweep costs its packets, the timeouts of one port, and a second look. */
static void pace_is_the_limit(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-10999/udp");
    lab.plan.pace_pps = 1000;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_CLOSED, REASON_NONE);
    uint64_t sending_us = (uint64_t)lab.packets * 1000;
    assert_in_range(lab.took_us, sending_us * 98 / 100, sending_us * 105 / 100 + 1500000);
    lab_end(&lab);
}

static void cancel_keeps_what_is_known(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-10999/udp");
    lab_forward(&lab, 9000, 10999);
    lab.cancel_at_us = 3000000;
    lab_sweep(&lab);
    lab_expect_outcome(&lab, OUTCOME_CANCELLED);
    assert_in_range(lab_count(&lab, VERDICT_PASS), 200, 600);
    assert_int_equal(lab_count(&lab, VERDICT_PASS) + lab_count(&lab, VERDICT_NOT_TESTED), 2000);
    assert_in_range(lab.took_us, 0, 3000000);
    lab_end(&lab);
}

static void deadline_ends_the_sweep(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-10999/udp");
    lab_forward(&lab, 9000, 10999);
    lab.plan.deadline_us = 3000000;
    lab_sweep(&lab);
    lab_expect_outcome(&lab, OUTCOME_SUPPORTED);
    assert_true(lab_count(&lab, VERDICT_NOT_TESTED) > 1000);
    assert_in_range(lab.took_us, 2900000, 3001000);
    lab_end(&lab);
}

/* The router has no room for more connections: old ones still work, so neither the control endpoint nor a port that
 * passed shows it, only a fresh port does. */
static void full_table_is_no_blocked_port(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab_forward(&lab, 9000, 9199);
    lab.router.table_size = 120;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_UNREACHABLE), 0);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
    assert_true(lab_count(&lab, VERDICT_PASS) > 90);
    for (uint16_t port = 9000; port < 9200; port++)
        if (lab_port(&lab, port)->verdict != VERDICT_PASS)
            lab_expect_port(&lab, port, VERDICT_INCONCLUSIVE, REASON_TABLE_FULL);
    lab_end(&lab);
}

/* With every port in the plan the probes' own ports are among them: nobody else holds them. */
/* Old connections and now and then a fresh one get through, so the silence of the others looks like their own. */
static void limited_connections_make_no_port_unreachable(void **state)
{
    (void)state;
    for (unsigned pps = 3; pps <= 5; pps += 2) {
        struct lab lab;
        lab_begin(&lab, "5060/udp,9000-9019/udp");
        lab_forward(&lab, 5060, 9019);
        lab.router.connections_pps = pps;
        lab.path.delay_us = 100;
        lab_sweep(&lab);
        assert_int_equal(lab_count(&lab, VERDICT_UNREACHABLE), 0);
        assert_int_equal(lab_count(&lab, VERDICT_INCONCLUSIVE) + lab_count(&lab, VERDICT_PASS), 21);
        if (pps == 5)
            assert_string_equal(lab.report->warnings[0].code, "rate_limit");
        lab_end(&lab);
    }
}

static void blocked_ports_stay_unreachable(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9999/udp");
    lab_forward(&lab, 5060, 9999);
    lab.router.block = SIM_DROP;
    lab.router.blocked = (struct sim_range){9500, 9999};
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_UNREACHABLE), 500);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 501);
    assert_int_equal(lab.report->warning_count, 0);
    lab_end(&lab);
}

static void ports_that_our_probes_leave_from_are_not_in_use(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "60990-61019/udp");
    lab_forward(&lab, 60990, 61019);
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_IN_USE), 0);
    lab_expect_port(&lab, 61000, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE);
    lab_expect_port(&lab, 60990, VERDICT_PASS, REASON_NONE);
    lab_end(&lab);
}

/* Loss that shows late puts ports back while others, or they themselves, are looked at once more. */
static void a_port_that_is_looked_at_is_not_opened_again(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9063/udp");
        lab.path.delay_us = 136100;
        lab.path.loss = 0.1;
        lab.plan.seed = seed;
        lab.plan.pace_pps = 50;
        lab.plan.window = 17;
        lab.plan.patience_us = 30000000;
        lab_sweep(&lab); /* which fails when a port is opened that is open */
        lab_end(&lab);
    }
}

/* Strangers come in while the filter's probes are under way: they leave from nowhere that was closed. */
static void the_filter_is_not_asked_again_while_it_is_asked(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9063/udp");
        lab_forward(&lab, 9000, 9019);
        lab.servers[0].refuses_port = true;
        lab.path.delay_us = 160000;
        lab.path.loss = 0.15;
        lab.plan.seed = seed;
        lab.plan.pace_pps = 50;
        lab_sweep(&lab); /* which fails when something is sent from what is closed */
        lab_end(&lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_that_our_probes_leave_from_are_not_in_use),
        cmocka_unit_test(limited_connections_make_no_port_unreachable),
        cmocka_unit_test(blocked_ports_stay_unreachable),
        cmocka_unit_test(loss_is_not_closed),
        cmocka_unit_test(false_closed_is_rarer_than_one_in_ten_thousand),
        cmocka_unit_test(loss_of_the_second_address_alone_is_not_closed),
        cmocka_unit_test(sends_follow_the_loss),
        cmocka_unit_test(too_much_loss_is_inconclusive),
        cmocka_unit_test(rate_limited_server_is_never_closed),
        cmocka_unit_test(long_way_with_jitter_reorders_and_still_passes),
        cmocka_unit_test(doubled_packets_count_once),
        cmocka_unit_test(late_answer_of_test_3_does_not_count),
        cmocka_unit_test(forged_answers_are_ignored),
        cmocka_unit_test(open_ports_in_time),
        cmocka_unit_test(closed_ports_in_time),
        cmocka_unit_test(pace_is_the_limit),
        cmocka_unit_test(cancel_keeps_what_is_known),
        cmocka_unit_test(deadline_ends_the_sweep),
        cmocka_unit_test(full_table_is_no_blocked_port),
        cmocka_unit_test(a_port_that_is_looked_at_is_not_opened_again),
        cmocka_unit_test(the_filter_is_not_asked_again_while_it_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
