/* Routers that ban or limit strangers: what they swallow is no closed port. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Neither a port nor the NAT is blamed for the ban. */
static void expect_no_blame(const struct lab *lab)
{
    static const enum nat_class classes[] = {[SIM_FILTER_ENDPOINT] = NAT_CLASS_FULL_CONE,
                                             [SIM_FILTER_ADDRESS] = NAT_CLASS_RESTRICTED_CONE,
                                             [SIM_FILTER_ADDRESS_AND_PORT] = NAT_CLASS_PORT_RESTRICTED_CONE};
    for (size_t i = 0; i < lab->report->port_count; i++)
        if (lab->report->ports[i].verdict != VERDICT_PASS)
            lab_expect_port(lab, lab->report->ports[i].port, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION);
    if (lab->report->nat.nat_class != NAT_CLASS_UNKNOWN)
        lab_expect_class(lab, classes[lab->router.filter]);
}

/* A ban after some new ports, in time and not in number: what fails then is not closed, and the patience tests it
 * again. */
static void scan_protection_is_waited_out(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.router.scan_limit = 15;
    lab.router.ban_us = 12000000;
    lab.plan.patience_us = 120000000;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
    assert_in_range(lab.took_us, 1000000, 125000000);
    lab_end(&lab);
}

/* Only a sentinel can show there that the block is over. */
static void scan_protection_is_waited_out_without_a_way_to_the_second_address(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9039/udp");
    lab_forward(&lab, 9000, 9039);
    lab.router.blocks_second = true;
    lab.router.scan_limit = 30;
    lab.router.ban_us = 15000000;
    lab.plan.patience_us = 60000000;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
    assert_true(lab_count(&lab, VERDICT_PASS) >= 35);
    assert_in_range(lab.took_us, 15000000, 120000000);
    lab_end(&lab);
}

/* Neither a round nor a port that passed shows such a ban: their connections are old. That everything fails from one
 * moment on does. */
static void scan_protection_that_spares_old_connections_is_no_closed_port(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9039/udp");
        lab_forward(&lab, 9000, 9039);
        lab.router.scan_limit = 22;
        lab.router.ban_us = 30000000;
        lab.router.ban_spares_known = true;
        lab.plan.seed = seed;
        lab.plan.patience_us = seed % 2 == 0 ? 60000000 : 0;
        lab_sweep(&lab);
        assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
        assert_in_range(lab_count(&lab, VERDICT_PASS), seed % 2 == 0 ? 16 : 8, 40);
        for (uint16_t port = 9000; port < 9040; port++)
            if (lab_port(&lab, port)->verdict != VERDICT_PASS)
                lab_expect_port(&lab, port, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION);
        assert_in_range(lab.took_us, 0, 75000000);
        lab_end(&lab);
    }
}

/* With few passes chance could have made the streak, but not what the second look finds. */
static void scan_protection_that_bites_early_is_no_closed_port(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9039/udp");
        lab_forward(&lab, 9000, 9039);
        lab.router.scan_limit = 3 + (unsigned)(seed % 10);
        lab.router.ban_us = 600000000;
        lab.router.ban_spares_known = true;
        lab.plan.seed = seed;
        lab.plan.pace_pps = seed % 3 == 0 ? 0 : 400;
        lab.plan.patience_us = seed % 2 == 0 ? 10000000 : 0;
        lab_sweep(&lab);
        assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
        for (uint16_t port = 9000; port < 9040; port++)
            if (lab_port(&lab, port)->verdict != VERDICT_PASS)
                lab_expect_port(&lab, port, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION);
        lab_end(&lab);
    }
}

/* So many strangers a second may come in, and no more. */
static void limited_strangers_are_no_closed_ports(void **state)
{
    (void)state;
    for (unsigned per_second = 2; per_second <= 64; per_second *= 2) {
        struct lab lab;
        lab_begin(&lab, "9000-9039/udp");
        lab_forward(&lab, 9000, 9039);
        lab.router.strangers_pps = per_second;
        lab_sweep(&lab);
        assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
        assert_int_equal(lab_count(&lab, VERDICT_DYNAMIC), 0);
        lab_end(&lab);
    }
}

static void scan_protection_without_patience_is_inconclusive(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9199/udp");
    lab_forward(&lab, 9000, 9199);
    lab.router.scan_limit = 100;
    lab.router.ban_us = 600000000;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
    assert_true(lab_count(&lab, VERDICT_PASS) > 10);
    assert_true(lab_count(&lab, VERDICT_INCONCLUSIVE) > 50);
    lab_end(&lab);
}

/* However the looks at a ban and the pings of the server fall together. */
static void a_ban_costs_no_more_than_the_patience(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9199/udp");
        lab_forward(&lab, 9000, 9199);
        lab.plan.pace_pps = 400;
        lab.servers[0].secure = seed % 2 == 0;
        snprintf(lab.plan.user, sizeof(lab.plan.user), SIM_USER);
        snprintf(lab.plan.password, sizeof(lab.plan.password), SIM_PASSWORD);
        lab.router.scan_limit = 20;
        lab.router.ban_us = 600000000;
        lab.path.delay_us = 50 + 50 * (uint32_t)seed;
        lab.plan.seed = seed;
        lab.plan.patience_us = 5000000;
        lab_sweep(&lab);
        assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0);
        assert_in_range(lab.took_us, 5000000, 10000000);
        assert_in_range(lab.slipped_us, 0, 2000000); /* the last look may outlast the patience */
        lab_end(&lab);
    }
}

/* A new port for each of the server's addresses, and then no other: what of it comes in first tells of the ban. */
static void a_ban_after_one_port_is_no_closed_port(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9039/udp");
        lab_forward(&lab, 9000, 9039);
        lab.router.filter = SIM_FILTER_ENDPOINT + seed % 3;
        lab.router.scan_limit = 1;
        lab.router.ban_us = 600000000;
        lab.router.ban_spares_known = true;
        lab.plan.seed = seed;
        lab.plan.pace_pps = seed % 2 == 0 ? 0 : 400;
        lab.plan.patience_us = seed % 4 == 0 ? 10000000 : 0;
        lab_sweep(&lab);
        expect_no_blame(&lab);
        lab_end(&lab);
    }
}

/* From a sweep before, perhaps. A filter that let in the first address's other port would let in the second's. */
static void a_ban_from_before_is_no_closed_port(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9039/udp");
        if (seed % 2 == 0 || seed % 3 == 2)
            lab_forward(&lab, 9000, 9039);
        lab.router.filter = SIM_FILTER_ENDPOINT + seed % 3;
        lab.router.banned_before = true;
        lab.router.ban_us = 600000000;
        lab.router.ban_spares_known = true;
        lab.plan.seed = seed;
        lab_sweep(&lab);
        if (seed % 3 == 1 && seed % 2 == 1) /* not even the filter is known to let in anybody */
            lab_expect_class(&lab, NAT_CLASS_UNKNOWN);
        else
            expect_no_blame(&lab);
        lab_end(&lab);
    }
}

/* The silence that a ban gave the NAT's filter makes no forward of what a full cone lets in once the ban is over, be it
 * that nothing else can be asked by then, because the router's table is full or the server shuns new ports. */
static void a_ban_that_ends_makes_no_forward(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 120; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9039/udp");
        lab_forward(&lab, 9000, 9004);
        lab.router.filter = SIM_FILTER_ENDPOINT;
        lab.router.banned_before = lab.router.ban_spares_known = true;
        lab.router.ban_us = 1500000 + seed % 40 * 100000;
        lab.router.table_size = seed % 3 == 0 ? 50 + (unsigned)seed % 10 : 0;
        lab.servers[0].second_ports = seed % 3 == 1 ? 42 + (unsigned)seed % 5 : 0;
        lab.servers[0].refuses_port = seed % 2 == 0;
        lab.path.delay_us = 20000 + seed % 5 * 30000;
        lab.plan.seed = seed;
        lab_sweep(&lab);
        for (uint16_t port = 9005; port < 9040; port++)
            assert_int_not_equal(lab_port(&lab, port)->verdict, VERDICT_PASS);
        lab_end(&lab);
    }
}

/* What came before the ban was over is no missing forward, though Test 2 came in right after it. */
static void test_3_that_a_ban_swallowed_makes_no_dynamic_port(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9063/udp");
        lab_forward(&lab, 9048, 9063);
        lab.router.filter = SIM_FILTER_ENDPOINT;
        lab.router.renumbers = lab.router.renumbers_back = true;
        lab.router.banned_before = lab.router.ban_spares_known = true;
        lab.router.ban_us = 4000000;
        lab.router.scan_limit = 40;
        lab.path.delay_us = 20000;
        lab.plan.seed = seed;
        lab.plan.pace_pps = 200;
        lab.plan.window = 9;
        lab_sweep(&lab);
        assert_int_equal(lab_count(&lab, VERDICT_DYNAMIC), 0);
        lab_end(&lab);
    }
}

/* Nothing is heard until it is over, and then some: so long a streak at the start is as rare as one at the end. */
static void what_a_ban_from_before_swallowed_is_no_closed_port(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9063/udp");
        lab_forward(&lab, 9000, 9031);
        lab.router.filter = SIM_FILTER_ADDRESS;
        lab.router.banned_before = lab.router.ban_spares_known = true;
        lab.router.ban_us = 40000000;
        lab.router.scan_limit = 20;
        lab.servers[0].refuses_port = true;
        lab.path.delay_us = 67000;
        lab.plan.pace_pps = 50;
        lab.plan.window = 1;
        lab.plan.seed = seed;
        lab_sweep(&lab);
        for (uint16_t port = 9000; port < 9032; port++)
            assert_int_not_equal(lab_port(&lab, port)->verdict, VERDICT_CLOSED);
        lab_end(&lab);
    }
}

/* It spares what was asked, so whatever it swallows is what this filter turns away: the packets are the same as where
 * nobody banned anything and nobody forwards anything, and most such sites are of that kind. */
static void a_ban_that_no_stranger_was_before_looks_closed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9039/udp");
    lab_sweep(&lab);
    assert_int_equal(lab.strangers_in, 0);
    lab_expect_all(&lab, VERDICT_CLOSED, REASON_NONE);
    lab_expect_class(&lab, NAT_CLASS_PORT_RESTRICTED_CONE);
    lab_end(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan_protection_is_waited_out),
        cmocka_unit_test(scan_protection_is_waited_out_without_a_way_to_the_second_address),
        cmocka_unit_test(scan_protection_that_spares_old_connections_is_no_closed_port),
        cmocka_unit_test(scan_protection_that_bites_early_is_no_closed_port),
        cmocka_unit_test(limited_strangers_are_no_closed_ports),
        cmocka_unit_test(scan_protection_without_patience_is_inconclusive),
        cmocka_unit_test(a_ban_costs_no_more_than_the_patience),
        cmocka_unit_test(a_ban_after_one_port_is_no_closed_port),
        cmocka_unit_test(a_ban_from_before_is_no_closed_port),
        cmocka_unit_test(a_ban_that_ends_makes_no_forward),
        cmocka_unit_test(test_3_that_a_ban_swallowed_makes_no_dynamic_port),
        cmocka_unit_test(what_a_ban_from_before_swallowed_is_no_closed_port),
        cmocka_unit_test(a_ban_that_no_stranger_was_before_looks_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
