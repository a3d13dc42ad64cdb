/* What a TURN server says about this site, and is not so. */
#include "world.h"

#include <string.h>

static const struct address elsewhere = {.family = 4, .port = 41000, .ip = {198, 51, 100, 7}};
static const struct address on_its_lan = {.family = 4, .port = 41000, .ip = {10, 0, 0, 9}};

static void meet_every_fate(void)
{
    world.fates[5061] = FILTERED;
    world.fates[5062] = REJECTED;
    world.fates[5063] = ELSEWHERE;
    world_sweep(5060, 5063);
}

static void expect_failures(const enum verdict verdicts[3], enum reason first)
{
    world_expect(5060, VERDICT_PASS, REASON_NONE);
    for (size_t i = 0; i < 3; i++)
        world_expect((uint16_t)(5061 + i), verdicts[i],
                     verdicts[i] == VERDICT_INCONCLUSIVE ? REASON_SERVER_FAULT : (i == 0 ? first : REASON_NONE));
}

static const enum verdict believed[] = {VERDICT_CLOSED, VERDICT_REFUSED, VERDICT_WRONG_HOST};
static const enum verdict doubted[] = {VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE};

/* A load balancer before the server is what it sees and aims at; or TCP takes another line, where a pass is one. */
static void an_address_that_udp_never_came_from_proves_no_failure(void **state)
{
    (void)state;
    world.public = world_site;
    world.mapped = elsewhere;
    meet_every_fate();
    expect_failures(doubted, REASON_NONE);
    assert_int_equal(world_result(5061)->inbound, TRI_UNKNOWN);
    assert_string_equal(world.report->warnings[0].code, "turn_mapped_address");
    assert_non_null(strstr(world.report->warnings[0].message, "198.51.100.7"));
}

static void nothing_is_said_of_it_when_all_passes(void **state)
{
    (void)state;
    world.public = world_site;
    world.mapped = elsewhere;
    world_sweep(5060, 5063);
    world_expect(5063, VERDICT_PASS, REASON_NONE);
    assert_int_equal(world.report->warning_count, 0);
    assert_int_equal(world.allocations, 1);
}

static void an_address_that_a_udp_port_came_from_is_the_site_s(void **state)
{
    (void)state;
    world.public = world_site;
    world.mapped = world.udp_mapped = elsewhere;
    meet_every_fate();
    expect_failures(believed, REASON_TIMEOUT);
}

static void with_nothing_to_compare_it_the_server_is_believed(void **state)
{
    (void)state;
    world.mapped = elsewhere;
    meet_every_fate();
    expect_failures(believed, REASON_TIMEOUT);
}

static void a_server_on_the_internet_never_aims_at_a_private_address(void **state)
{
    for (int known = 0; known < 2; known++) {
        world.public = known ? world_site : (struct address){0};
        world.mapped = on_its_lan;
        world_sweep(5060, 5061);
        world_expect(5060, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
        assert_int_equal(world.connects, 0);
        assert_string_equal(world.report->warnings[0].code, "turn_mapped_address");
        world_end(state);
        world_begin(state);
    }
    world_sweep(5060, 5060);
}

static void inside_a_carrier_s_net_the_same_private_address_is_seen_over_udp(void **state)
{
    (void)state;
    world.public = world.mapped = on_its_lan;
    meet_every_fate();
    expect_failures(believed, REASON_TIMEOUT);
}

static void an_ipv6_address_is_compared_too(void **state)
{
    (void)state;
    world.plan.family = 6;
    world.relay = (struct address){.family = 6, .port = 50000, .ip = {0x20, 1, 0xd, 0xb8, [15] = 11}};
    world.public = (struct address){.family = 6, .ip = {0x20, 1, 0xd, 0xb8, 1, [15] = 2}};
    world.mapped = (struct address){.family = 6, .port = 41000, .ip = {0x20, 1, 0xd, 0xb8, 2, [15] = 2}};
    world.fates[5061] = FILTERED;
    world_sweep(5061, 5061);
    world_expect(5061, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
}

/* --- who comes --- */

static const struct address stranger = {.family = 4, .port = 3333, .ip = {198, 51, 100, 1}};
static const struct address router = {.family = 4, .port = 50000, .ip = {192, 168, 77, 1}};
static const struct address phone = {.family = 4, .port = 40000, .ip = {192, 168, 77, 9}};
static const struct address loopback = {.family = 4, .port = 50000, .ip = {127, 0, 0, 1}};
static const struct address this_host = {.family = 4, .port = 50000, .ip = {192, 168, 77, 2}};

/* Whatever the server says of it, and however this host looks at its ports. */
static void sweep_visited(void **state, const struct address *visitor, bool live, uint16_t ports)
{
    world_end(state);
    world_begin(state);
    world.plan.live = live;
    world.visitor = *visitor;
    world.local = this_host;
    world_set_fates(5060, 5065, VISITED);
    world_sweep(5060, (uint16_t)(5060 + ports - 1));
}

static void what_arrives_from_another_address_is_no_failure(void **state)
{
    for (int live = 0; live < 2; live++) {
        sweep_visited(state, &stranger, live != 0, 3);
        for (uint16_t port = 5060; port < 5063; port++)
            world_expect(port, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
        assert_int_equal(world_result(5060)->inbound, TRI_UNKNOWN);
        assert_int_equal(world.report->warning_count, 1);
        assert_string_equal(world.report->warnings[0].code, "relay_elsewhere");
        assert_non_null(strstr(world.report->warnings[0].message, "198.51.100.1"));
    }
}

static void a_router_that_rewrites_the_source_is_named(void **state)
{
    sweep_visited(state, &router, true, 3);
    for (uint16_t port = 5060; port < 5063; port++)
        world_expect(port, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE);
    assert_string_equal(world.report->warnings[0].code, "source_rewritten");
}

/* 5060 % 3 is 2. */
static void expect_failures_at(uint16_t first)
{
    world_expect(first, VERDICT_CLOSED, REASON_TIMEOUT);
    world_expect((uint16_t)(first + 1), VERDICT_WRONG_HOST, REASON_NONE);
    world_expect((uint16_t)(first + 2), VERDICT_REFUSED, REASON_NONE);
}

static void hosts_of_the_lan_come_by_and_say_nothing(void **state)
{
    sweep_visited(state, &phone, true, 3);
    expect_failures_at(5060);
    assert_int_equal(world.report->warning_count, 0);
}

/* One that also changes the port is known by what it did over UDP. */
static void a_router_that_rewrote_over_udp_does_so_over_tcp(void **state)
{
    (void)state;
    world.visitor = phone;
    world.local = this_host;
    world.fates[5060] = VISITED;
    world_start(5060, 5060);
    report_warn(world.report, "source_rewritten", "seen over UDP");
    world_finish();
    world_expect(5060, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE);
}

static void programs_of_this_host_are_no_visitors(void **state)
{
    sweep_visited(state, &loopback, true, 3);
    expect_failures_at(5060);
    sweep_visited(state, &this_host, true, 3);
    expect_failures_at(5060);
}

static void the_relay_may_come_after_a_visitor(void **state)
{
    (void)state;
    struct tcp_action action;
    world_start(5060, 5060);
    while (tcp_sweep_next(world.sweep, world.now_us, &action) != TCP_DONE) {
        tcp_sweep_arrived(world.sweep, world.now_us, 5060, &stranger);
        world_act(&action);
    }
    world_expect(5060, VERDICT_PASS, REASON_NONE);
    assert_int_equal(world.report->warning_count, 0);
}

/* Who tries alone whether what failed is to be believed meets a stranger only. */
static void a_visitor_takes_no_pass_away_and_confirms_no_failure(void **state)
{
    (void)state;
    world.visitor = stranger;
    world.fates[5060] = VISITED_LATER;
    world.fates[5061] = REJECTED;
    world_sweep(5060, 5061);
    world_expect(5060, VERDICT_PASS, REASON_NONE);
    world_expect(5061, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
}

static void a_router_of_ipv6_is_of_the_same_net(void **state)
{
    (void)state;
    world.plan.family = 6;
    world.relay = (struct address){.family = 6, .port = 50000, .ip = {0x20, 1, 0xd, 0xb8, [15] = 11}};
    world.local = (struct address){.family = 6, .ip = {0x20, 1, 0xd, 0xb8, 1, [15] = 2}};
    world.public = world.mapped = world.local;
    world.visitor = (struct address){.family = 6, .port = 50000, .ip = {0x20, 1, 0xd, 0xb8, 1, [15] = 1}};
    world.fates[5061] = VISITED;
    world_sweep(5061, 5061);
    world_expect(5061, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE);
    assert_string_equal(world.report->warnings[0].code, "source_rewritten");
}

/* --- when --- */

static void a_server_that_connects_one_by_one_is_waited_for(void **state)
{
    static const uint64_t serial_us[] = {SECOND / 10, 3 * SECOND / 2, 18 * SECOND / 5};
    for (size_t i = 0; i < ARRAY_LEN(serial_us); i++) {
        world.plan.patience_us = 60 * SECOND;
        world.serial_us = serial_us[i];
        world.fates[9009] = FILTERED;
        world_sweep(9000, 9009);
        for (uint16_t port = 9000; port < 9009; port++)
            world_expect(port, VERDICT_PASS, REASON_NONE);
        world_expect(9009, VERDICT_CLOSED, REASON_TIMEOUT);
        world_end(state);
        world_begin(state);
    }
    world_sweep(5060, 5060);
}

static void patience_with_it_ends_and_accuses_no_firewall(void **state)
{
    (void)state;
    unsigned passed = 0;
    world.plan.patience_us = 3 * SECOND;
    world.serial_us = 3 * SECOND / 2;
    world_sweep(9000, 9009);
    for (uint16_t port = 9000; port < 9010; port++) {
        passed += world_result(port)->verdict == VERDICT_PASS;
        if (world_result(port)->verdict != VERDICT_PASS)
            world_expect(port, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    }
    assert_int_equal(passed, 4); /* 1.5, 3, 4.5 and 6 s after they were asked for */
}

static void a_server_that_falls_silent_itself_closes_no_port(void **state)
{
    (void)state;
    world.deaf = true;
    world_set_fates(5061, 5062, FILTERED);
    world_sweep(5060, 5062);
    world_expect(5060, VERDICT_PASS, REASON_NONE);
    world_expect(5061, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_in_range(world.now_us, 4 * SECOND, 20 * SECOND);
}

/* It comes when the ports have been judged, and while another allocation is asked for. */
static void a_connection_that_comes_too_late_is_no_failure(void **state)
{
    (void)state;
    struct tcp_action action;
    world_set_fates(5061, 5062, REJECTED);
    world_start(5060, 5062);
    while (tcp_sweep_next(world.sweep, world.now_us, &action) != TCP_DONE) {
        if (action.kind == TCP_CONTROL_CLOSE && world.allocations == 1)
            tcp_sweep_arrived(world.sweep, world.now_us, 5061, &world_relay);
        world_act(&action);
    }
    world_expect(5060, VERDICT_PASS, REASON_NONE);
    world_expect(5061, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    world_expect(5062, VERDICT_REFUSED, REASON_NONE);
    assert_string_equal(world.report->warnings[0].code, "turn_slow");
}

static void one_that_was_late_costs_the_silent_ones_no_more_than_another_deadline(void **state)
{
    (void)state;
    world.plan.patience_us = 60 * SECOND;
    world_set_fates(9000, 9019, FILTERED);
    world.fates[9010] = LOST_ONCE;
    world_sweep(9000, 9019);
    world_expect(9010, VERDICT_PASS, REASON_NONE);
    world_expect(9011, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_in_range(world.now_us, 4 * SECOND, 5 * SECOND);
}

/* --- what the server says of its connections --- */

/* All ports but one, and those that nobody uses. */
static void sweep_elsewhere(enum fate unused)
{
    world_set_fates(49152, 65535, unused);
    world_set_fates(5061, 5063, ELSEWHERE);
    world.fates[5064] = FILTERED;
    world_sweep(5060, 5064);
    world_expect(5060, VERDICT_PASS, REASON_NONE);
}

static void a_server_that_connects_to_what_nobody_uses_is_not_believed(void **state)
{
    static const enum reason blocked[] = {REASON_NONE, REASON_SCAN_PROTECTION};
    for (size_t i = 0; i < ARRAY_LEN(blocked); i++) {
        world.udp_reason = blocked[i];
        sweep_elsewhere(ELSEWHERE);
        for (uint16_t port = 5061; port < 5065; port++)
            world_expect(port, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
        assert_string_equal(world.report->warnings[0].code, "turn_false_success");
        world_end(state);
        world_begin(state);
    }
    world_sweep(5060, 5060);
}

static void one_that_does_not_is_believed_of_another_host(void **state)
{
    static const enum fate unused[] = {FILTERED, REJECTED, FORWARDED};
    for (size_t i = 0; i < 2 * ARRAY_LEN(unused); i++) {
        world.plan.live = i % 2 == 0;
        world.plan.seed = i;
        world.unlistened = true;
        sweep_elsewhere(unused[i / 2]);
        world_expect(5061, VERDICT_WRONG_HOST, REASON_NONE);
        world_expect(5064, VERDICT_CLOSED, REASON_TIMEOUT);
        assert_int_equal(world.report->warning_count, 0);
        world_end(state);
        world_begin(state);
    }
    world_sweep(5060, 5060);
}

static void the_test_of_its_word_is_made_again_when_the_server_hangs_up(void **state)
{
    (void)state;
    world_set_fates(49152, 65535, REJECTED);
    world.fates[5061] = ELSEWHERE;
    world.hang_up_after = 2;
    world_sweep(5061, 5061);
    assert_int_equal(world.connects, 3);
    world_expect(5061, VERDICT_WRONG_HOST, REASON_NONE);
}

static void one_that_falls_silent_at_it_is_not_believed_either(void **state)
{
    (void)state;
    world.deaf = true;
    world_set_fates(49152, 65535, FILTERED);
    world.fates[5061] = ELSEWHERE;
    world_sweep(5061, 5061);
    world_expect(5061, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_world(an_address_that_udp_never_came_from_proves_no_failure),
        in_world(nothing_is_said_of_it_when_all_passes),
        in_world(an_address_that_a_udp_port_came_from_is_the_site_s),
        in_world(with_nothing_to_compare_it_the_server_is_believed),
        in_world(a_server_on_the_internet_never_aims_at_a_private_address),
        in_world(inside_a_carrier_s_net_the_same_private_address_is_seen_over_udp),
        in_world(an_ipv6_address_is_compared_too),
        in_world(what_arrives_from_another_address_is_no_failure),
        in_world(a_router_that_rewrites_the_source_is_named),
        in_world(hosts_of_the_lan_come_by_and_say_nothing),
        in_world(a_router_that_rewrote_over_udp_does_so_over_tcp),
        in_world(programs_of_this_host_are_no_visitors),
        in_world(the_relay_may_come_after_a_visitor),
        in_world(a_visitor_takes_no_pass_away_and_confirms_no_failure),
        in_world(a_router_of_ipv6_is_of_the_same_net),
        in_world(a_server_that_connects_to_what_nobody_uses_is_not_believed),
        in_world(one_that_does_not_is_believed_of_another_host),
        in_world(the_test_of_its_word_is_made_again_when_the_server_hangs_up),
        in_world(one_that_falls_silent_at_it_is_not_believed_either),
        in_world(a_server_that_connects_one_by_one_is_waited_for),
        in_world(patience_with_it_ends_and_accuses_no_firewall),
        in_world(a_server_that_falls_silent_itself_closes_no_port),
        in_world(a_connection_that_comes_too_late_is_no_failure),
        in_world(one_that_was_late_costs_the_silent_ones_no_more_than_another_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
