/* Whose fault a failure may be besides the port's. */
#include "world.h"

#include <errno.h>

static void a_router_that_bans_the_server_is_no_closed_port(void **state)
{
    (void)state;
    world_set_fates(9000, 9009, BANNED_LATER);
    world_sweep(9000, 9009);
    unsigned passed = 0;
    for (uint16_t port = 9000; port < 9010; port++) {
        passed += world_result(port)->verdict == VERDICT_PASS;
        if (world_result(port)->verdict != VERDICT_PASS)
            world_expect(port, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION);
    }
    assert_int_equal(passed, 1);
    assert_string_equal(world.report->warnings[0].code, "scan_protection");
}

static void a_port_that_cannot_be_tried_alone_is_no_scan_protection(void **state)
{
    (void)state;
    world.plan.live = false;
    world.held = 5061;
    world.held_after = 2;
    world.fates[5060] = FILTERED;
    world_sweep(5060, 5061);
    assert_int_equal(world.allocations, 2);
    world_expect(5060, VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR);
    world_expect(5061, VERDICT_PASS, REASON_NONE);
    assert_int_equal(world.report->warning_count, 0);
}

static void on_a_line_that_loses_packets_silence_is_asked_again(void **state)
{
    (void)state;
    world.path.sends_needed = 8;
    world.fates[5060] = LOST_TWICE;
    world.fates[5061] = FILTERED;
    world_sweep(5060, 5062);
    world_expect(5060, VERDICT_PASS, REASON_NONE);
    world_expect(5061, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_int_equal(world.connects_of[5061], 3);
}

static void on_a_line_that_loses_too_much_silence_says_nothing(void **state)
{
    (void)state;
    world.path = (struct path_facts){.sends_needed = 12, .loss_too_high = true};
    world.fates[5060] = FILTERED;
    world.fates[5061] = REJECTED;
    world_sweep(5060, 5062);
    world_expect(5060, VERDICT_INCONCLUSIVE, REASON_LOSS);
    world_expect(5061, VERDICT_REFUSED, REASON_NONE);
}

static void a_relay_that_was_never_heard_closes_no_port(void **state)
{
    (void)state;
    world.other = world_relay;
    world.path.second_heard = TRI_NO;
    world.fates[5060] = FILTERED;
    world.fates[5061] = REJECTED;
    world_sweep(5060, 5061);
    world_expect(5060, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    world_expect(5061, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    world_end(state);
    world_begin(state);
    world.other = world_relay;
    world.path.second_heard = TRI_NO;
    world.fates[5060] = FILTERED;
    world_sweep(5060, 5061);
    world_expect(5060, VERDICT_CLOSED, REASON_TIMEOUT);
}

static void what_blocked_the_udp_ports_is_no_closed_tcp_port(void **state)
{
    static const enum reason reasons[] = {REASON_SCAN_PROTECTION, REASON_TABLE_FULL};
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        world.fates[9001] = FILTERED;
        world.fates[9002] = REJECTED;
        world.fates[9003] = ELSEWHERE;
        world.udp_reason = reasons[i];
        world_sweep(9000, 9003);
        world_expect(9000, VERDICT_PASS, REASON_NONE);
        world_expect(9001, VERDICT_INCONCLUSIVE, reasons[i]);
        world_expect(9002, VERDICT_INCONCLUSIVE, reasons[i]);
        world_expect(9003, VERDICT_WRONG_HOST, REASON_NONE);
        assert_int_equal(world_result(9001)->inbound, TRI_UNKNOWN);
        world_end(state);
        world_begin(state);
    }
}

/* A table that the UDP ports filled has no room for the connection to the server either; who is turned away is not
 * waiting for room. */
static void a_full_table_is_no_unreachable_server(void **state)
{
    world.udp_reason = REASON_TABLE_FULL;
    world.connect_error = ETIMEDOUT;
    world_sweep(5060, 5061);
    world_expect(5060, VERDICT_INCONCLUSIVE, REASON_TABLE_FULL);
    assert_int_equal(world_result(5060)->reached, TRI_UNKNOWN);
    world_end(state);
    world_begin(state);
    world.connect_error = ECONNREFUSED;
    world_sweep(5060, 5061);
    world_expect(5060, VERDICT_UNREACHABLE, REASON_PORT_UNREACHABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_world(a_router_that_bans_the_server_is_no_closed_port),
        in_world(a_port_that_cannot_be_tried_alone_is_no_scan_protection),
        in_world(on_a_line_that_loses_packets_silence_is_asked_again),
        in_world(on_a_line_that_loses_too_much_silence_says_nothing),
        in_world(a_relay_that_was_never_heard_closes_no_port),
        in_world(what_blocked_the_udp_ports_is_no_closed_tcp_port),
        in_world(a_full_table_is_no_unreachable_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
