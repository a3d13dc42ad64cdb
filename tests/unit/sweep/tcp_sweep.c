/* What becomes of a port. */
#include "world.h"

static void every_fate_has_its_verdict(void **state)
{
    (void)state;
    world.fates[5061] = FILTERED;
    world.fates[5062] = REJECTED;
    world.fates[5063] = ELSEWHERE;
    world.fates[5064] = DENIED;
    world_sweep(5060, 5064);
    world_expect(5060, VERDICT_PASS, REASON_NONE);
    world_expect(5061, VERDICT_CLOSED, REASON_TIMEOUT);
    world_expect(5062, VERDICT_REFUSED, REASON_NONE);
    world_expect(5063, VERDICT_WRONG_HOST, REASON_NONE);
    world_expect(5064, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_int_equal(world_result(5060)->inbound, TRI_YES);
    assert_int_equal(world_result(5060)->rtt_us, RTT_US);
    assert_int_equal(world_result(5061)->inbound, TRI_NO);
    assert_int_equal(world_result(5064)->inbound, TRI_UNKNOWN);
    assert_int_equal(world.allocations, 2); /* the failures were confirmed on a second one */
}

static void open_ports_take_a_few_round_trips(void **state)
{
    (void)state;
    world_sweep(9000, 9099);
    assert_true(world.now_us < 10 * RTT_US);
    assert_int_equal(world.allocations, 1);
}

static void filtered_ports_share_one_deadline(void **state)
{
    (void)state;
    world_set_fates(9000, 9099, FILTERED);
    world_sweep(9000, 9099);
    assert_true(world.now_us < 4 * SECOND);
    world_expect(9050, VERDICT_CLOSED, REASON_TIMEOUT);
}

static void more_ports_than_a_server_bears_at_once_wait_their_turn(void **state)
{
    (void)state;
    world_set_fates(9000, 9399, FILTERED);
    world_sweep(9000, 9400);
    for (uint16_t port = 9000; port < 9400; port++)
        world_expect(port, VERDICT_CLOSED, REASON_TIMEOUT);
    world_expect(9400, VERDICT_PASS, REASON_NONE);
}

static void a_forward_to_the_next_port_passes_none(void **state)
{
    (void)state;
    world_set_fates(5060, 5062, SHIFTED);
    world.fates[5070] = FORWARDED;
    world_set_fates(5063, 5069, FILTERED);
    world_sweep(5060, 5070);
    for (uint16_t port = 5060; port < 5070; port++)
        world_expect(port, VERDICT_CLOSED, REASON_TIMEOUT);
    world_expect(5070, VERDICT_PASS, REASON_NONE);
    assert_string_equal(world.report->warnings[0].code, "other_port");
}

/* The neighbour's number in one forward, and no forward for the neighbour. */
static void a_port_that_only_another_s_forward_reaches_does_not_pass(void **state)
{
    (void)state;
    world.fates[5060] = SHIFTED;
    world.fates[5061] = FILTERED;
    world_sweep(5060, 5065);
    world_expect(5060, VERDICT_CLOSED, REASON_TIMEOUT);
    world_expect(5061, VERDICT_CLOSED, REASON_TIMEOUT);
    for (uint16_t port = 5062; port < 5066; port++)
        world_expect(port, VERDICT_PASS, REASON_NONE);
}

/* It arrives before the neighbour itself is tried: that one is closed, and nobody else took the connection. */
static void what_arrives_at_a_port_that_was_not_tried_yet_is_another_s(void **state)
{
    (void)state;
    world.plan.pace_pps = 10;
    world.fates[5061] = SHIFTED;
    world.fates[5060] = FILTERED;
    world.fates[5062] = FILTERED;
    world_sweep(5060, 5064);
    world_expect(5061, VERDICT_CLOSED, REASON_TIMEOUT);
    world_expect(5062, VERDICT_CLOSED, REASON_TIMEOUT);
    world_expect(5063, VERDICT_PASS, REASON_NONE);
}

static void without_raw_sockets_such_a_port_does_not_pass_either(void **state)
{
    (void)state;
    world.plan.live = false;
    world_set_fates(5060, 5062, SHIFTED);
    world_sweep(5060, 5062);
    for (uint16_t port = 5060; port < 5063; port++)
        assert_int_not_equal(world_result(port)->verdict, VERDICT_PASS);
}

static void without_raw_sockets_free_ports_are_listened_at_and_held_ones_named(void **state)
{
    (void)state;
    world.plan.live = false;
    world.held = 5061;
    world.fates[5062] = FILTERED;
    world_sweep(5060, 5062);
    world_expect(5060, VERDICT_PASS, REASON_NONE);
    world_expect(5061, VERDICT_IN_USE, REASON_NONE);
    world_expect(5062, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_int_equal(world_result(5061)->owner->pid, 80);
    assert_string_equal(world_result(5061)->owner->name, "nginx");
}

static void a_strangers_connection_is_no_pass(void **state)
{
    (void)state;
    static const struct address stranger = {.family = 4, .port = 50000, .ip = {198, 51, 100, 1}};
    struct tcp_action action;
    world.fates[5060] = FILTERED;
    world_start(5060, 5060);
    while (tcp_sweep_next(world.sweep, world.now_us, &action) != TCP_DONE) {
        tcp_sweep_arrived(world.sweep, world.now_us, 5060, &stranger);
        tcp_sweep_arrived(world.sweep, world.now_us, 5061, &world_relay);
        world_act(&action);
    }
    world_expect(5060, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_int_equal(world_result(5060)->inbound, TRI_UNKNOWN);
}

static void the_pace_holds(void **state)
{
    (void)state;
    world.plan.pace_pps = 10;
    world_sweep(9000, 9019);
    assert_true(world.now_us >= 19 * SECOND / 10);
    assert_true(world.now_us < 3 * SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_world(every_fate_has_its_verdict),
        in_world(open_ports_take_a_few_round_trips),
        in_world(filtered_ports_share_one_deadline),
        in_world(more_ports_than_a_server_bears_at_once_wait_their_turn),
        in_world(a_forward_to_the_next_port_passes_none),
        in_world(a_port_that_only_another_s_forward_reaches_does_not_pass),
        in_world(what_arrives_at_a_port_that_was_not_tried_yet_is_another_s),
        in_world(without_raw_sockets_such_a_port_does_not_pass_either),
        in_world(without_raw_sockets_free_ports_are_listened_at_and_held_ones_named),
        in_world(a_strangers_connection_is_no_pass),
        in_world(the_pace_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
