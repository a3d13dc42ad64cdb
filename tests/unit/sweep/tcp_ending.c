/* Sweeps that end before their time. */
#include "world.h"

static void cancelled_ports_are_not_tested(void **state)
{
    (void)state;
    struct tcp_action action;
    world_set_fates(9001, 9019, FILTERED);
    world_start(9000, 9019);
    while (world_result(9000)->verdict != VERDICT_PASS) {
        assert_int_not_equal(tcp_sweep_next(world.sweep, world.now_us, &action), TCP_DONE);
        world_act(&action);
    }
    tcp_sweep_cancel(world.sweep, world.now_us);
    while (tcp_sweep_next(world.sweep, world.now_us, &action) != TCP_DONE)
        assert_int_equal(action.kind, TCP_CONTROL_CLOSE);
    world_expect(9000, VERDICT_PASS, REASON_NONE);
    world_expect(9001, VERDICT_NOT_TESTED, REASON_CANCELLED);
}

/* Steps until one port passed and one failed, all that is judged before a new allocation confirms it. */
static void run_into_a_failure(void)
{
    struct tcp_action action;
    world.plan.live = false;
    world.plan.pace_pps = 1;
    world.fates[9001] = REJECTED;
    world.fates[9002] = REJECTED;
    world_start(9000, 9005);
    while (world_result(9000)->verdict != VERDICT_PASS || world_result(9001)->verdict != VERDICT_REFUSED ||
           world_result(9002)->verdict != VERDICT_REFUSED) {
        assert_int_not_equal(tcp_sweep_next(world.sweep, world.now_us, &action), TCP_DONE);
        world_act(&action);
    }
    assert_int_equal(world.allocations, 1);
}

static void a_failure_is_not_believed_when_the_sweep_ends_before_its_time(void **state)
{
    (void)state;
    run_into_a_failure();
    tcp_sweep_fail(world.sweep);
    world_finish();
    world_expect(9000, VERDICT_PASS, REASON_NONE);
    world_expect(9001, VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR);
    assert_int_equal(world_result(9001)->inbound, TRI_UNKNOWN);
    world_end(state);
    world_begin(state);
    run_into_a_failure();
    tcp_sweep_cancel(world.sweep, world.now_us);
    world_finish();
    world_expect(9002, VERDICT_INCONCLUSIVE, REASON_CANCELLED);
}

static void a_confirmed_failure_stays_when_the_sweep_fails_after_its_end(void **state)
{
    (void)state;
    world.fates[5061] = REJECTED;
    world_sweep(5060, 5061);
    tcp_sweep_fail(world.sweep);
    world_expect(5061, VERDICT_REFUSED, REASON_NONE);
}

static void at_the_deadline_all_ports_are_left_and_no_failure_is_believed(void **state)
{
    (void)state;
    world.plan.live = false;
    world.plan.pace_pps = 10;
    world.plan.ports_until_us = 5 * SECOND + 1;
    world_set_fates(9001, 9099, FILTERED);
    world_set_fates(9050, 9099, REJECTED);
    world_sweep(9000, 9099);
    assert_int_equal(world.now_us, world.plan.ports_until_us);
    unsigned untested = 0;
    for (uint16_t port = 9001; port < 9100; port++) {
        untested += world_result(port)->verdict == VERDICT_NOT_TESTED;
        if (world_result(port)->verdict != VERDICT_NOT_TESTED)
            world_expect(port, VERDICT_INCONCLUSIVE, REASON_NEVER_REACHED);
        assert_int_equal(world_result(port)->inbound, TRI_UNKNOWN);
    }
    assert_in_range(untested, 50, 98);
}

static void after_the_deadline_no_port_is_listened_at_but_the_server_is_asked(void **state)
{
    (void)state;
    world.now_us = 2 * SECOND;
    world.plan.live = false;
    world.plan.ports_until_us = 1 * SECOND;
    world_sweep(5060, 5061);
    world_expect(5060, VERDICT_NOT_TESTED, REASON_NEVER_REACHED);
    assert_int_equal(world.connects, 0);
    assert_false(tcp_sweep_answered(world.sweep));
    tcp_sweep_destroy(world.sweep);
    world.report->port_count = 1;
    world.sweep = tcp_sweep_create(&world.plan, &world_server, world.report, world.now_us);
    world_finish();
    assert_true(tcp_sweep_answered(world.sweep));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_world(cancelled_ports_are_not_tested),
        in_world(a_failure_is_not_believed_when_the_sweep_ends_before_its_time),
        in_world(a_confirmed_failure_stays_when_the_sweep_fails_after_its_end),
        in_world(at_the_deadline_all_ports_are_left_and_no_failure_is_believed),
        in_world(after_the_deadline_no_port_is_listened_at_but_the_server_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
