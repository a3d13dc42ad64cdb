/* Each kind of NAT, and the judgement it deserves. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

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

static bool has_warning(const struct lab *lab, const char *code)
{
    for (size_t i = 0; i < lab->report->warning_count; i++)
        if (strcmp(lab->report->warnings[i].code, code) == 0)
            return true;
    return false;
}

/* Strangers do come in, but nobody can see who they are. */
static void rewritten_sources_are_neither_closed_nor_a_pass(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.router.rewrites_source = true;
    lab_sweep(&lab);
    lab_expect_port(&lab, 5060, VERDICT_CLOSED, REASON_NONE);
    for (uint16_t port = 9000; port <= 9019; port++)
        lab_expect_port(&lab, port, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE);
    assert_int_equal(lab_port(&lab, 9000)->inbound, TRI_UNKNOWN);
    assert_int_equal(lab_port(&lab, 9000)->unsolicited, TRI_UNKNOWN);
    lab_expect_class(&lab, NAT_CLASS_PORT_RESTRICTED_CONE);
    assert_true(has_warning(&lab, "source_rewritten"));
    assert_non_null(strstr(lab.report->advice[1], "masquerading"));
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

/* Its own earlier traffic keeps a mapping open: then Test 3 proves nothing, and only the plan can know. */
static void living_mapping_is_no_forward(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab.router.filter = SIM_FILTER_ENDPOINT;
    lab.router.alive = (struct sim_range){5060, 5060};
    lab.plan.silent[5060 / 8] = 0;
    lab_sweep(&lab);
    lab_expect_port(&lab, 5060, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE);
    assert_int_equal(lab_port(&lab, 5060)->unsolicited, TRI_UNKNOWN);
    lab_expect_port(&lab, 9000, VERDICT_DYNAMIC, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_UNSUPPORTED);
    lab_end(&lab);
}

static void full_cone_with_forward_passes_when_silent(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.router.filter = SIM_FILTER_ENDPOINT;
    lab_forward(&lab, 9000, 9019);
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_PASS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_SUPPORTED);
    lab_end(&lab);
}

/* pfSense's default: the cure is a static source port, not a forward, and Test 3 shows it. */
static void right_forward_with_random_source_port_is_translated(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab.router.renumbers = true;
    lab_forward(&lab, 5060, 5060);
    lab_forward(&lab, 9000, 9019);
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_TRANSLATED, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_UNSUPPORTED);
    assert_int_equal(lab_port(&lab, 5060)->unsolicited, TRI_YES);
    assert_int_equal(lab_port(&lab, 5060)->preserved, TRI_NO);
    assert_int_equal(lab_port(&lab, 5060)->inbound, TRI_NO);
    assert_int_equal(lab.report->nat.port_preservation, TRI_NO);
    lab_end(&lab);
}

static void symmetric_nat_is_translated(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.router.mapping = SIM_ADDRESS_AND_PORT_DEPENDENT;
    lab.router.renumbers = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_TRANSLATED, REASON_NONE);
    lab_expect_class(&lab, NAT_CLASS_SYMMETRIC);
    assert_int_equal(lab.report->nat.mapping, BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT);
    assert_int_equal(lab_port(&lab, 9000)->unsolicited, TRI_NO);
    lab_end(&lab);
}

static void address_dependent_mapping_is_symmetric(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.router.mapping = SIM_ADDRESS_DEPENDENT;
    lab.router.renumbers = true;
    lab_sweep(&lab);
    lab_expect_class(&lab, NAT_CLASS_SYMMETRIC);
    assert_int_equal(lab.report->nat.mapping, BEHAVIOUR_ADDRESS_DEPENDENT);
    lab_end(&lab);
}

static void symmetric_nat_with_static_ports_passes_where_forwarded(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.router.mapping = SIM_ADDRESS_AND_PORT_DEPENDENT;
    lab.router.renumbers = lab.router.renumbers_back = true;
    lab_forward(&lab, 9000, 9019);
    lab_sweep(&lab);
    lab_expect_class(&lab, NAT_CLASS_SYMMETRIC);
    assert_int_equal(lab.report->nat.filtering, BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT);
    lab_end(&lab);
}

static void address_restricted_is_closed_and_restricted_cone(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.router.filter = SIM_FILTER_ADDRESS;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_CLOSED, REASON_NONE);
    lab_expect_class(&lab, NAT_CLASS_RESTRICTED_CONE);
    lab_end(&lab);
}

static void wrong_host_looks_closed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.router.wrong_host = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_CLOSED, REASON_NONE);
    lab_end(&lab);
}

static void partly_forwarded_range_is_partial(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9099/udp");
    lab_forward(&lab, 9000, 9049);
    lab_sweep(&lab);
    for (uint16_t port = 9000; port < 9100; port++)
        lab_expect_port(&lab, port, port < 9050 ? VERDICT_PASS : VERDICT_CLOSED, REASON_NONE);
    lab_expect_port(&lab, 5060, VERDICT_CLOSED, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_PARTIAL);
    lab_end(&lab);
}

static void open_internet_passes_even_when_ports_talk(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab.router = (struct sim_router){.mapping = SIM_NO_NAT, .filter = SIM_FILTER_NONE};
    lab.plan.silent[5060 / 8] = 0;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_PASS, REASON_NONE);
    lab_expect_class(&lab, NAT_CLASS_OPEN_INTERNET);
    assert_int_equal(lab.report->nat.mapping, BEHAVIOUR_NONE);
    lab_end(&lab);
}

static void firewall_without_nat_is_symmetric_firewall(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab.router.mapping = SIM_NO_NAT;
    lab_forward(&lab, 5060, 5060);
    lab_sweep(&lab);
    lab_expect_class(&lab, NAT_CLASS_SYMMETRIC_FIREWALL);
    lab_expect_port(&lab, 5060, VERDICT_PASS, REASON_NONE);
    lab_expect_port(&lab, 9000, VERDICT_CLOSED, REASON_NONE);
    lab_end(&lab);
}

static void port_expected_closed_is_good_when_closed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.plan.ports.ranges[0].expect = EXPECT_CLOSED;
    lab_sweep(&lab);
    lab_expect_port(&lab, 5060, VERDICT_CLOSED, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_SUPPORTED);
    lab_end(&lab);
}

static void silently_blocked_port_is_unreachable_by_timeout(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_forward(&lab, 5060, 5060);
    lab_forward(&lab, 9000, 9019);
    lab.router.block = SIM_DROP;
    lab.router.blocked = (struct sim_range){5060, 5060};
    lab_sweep(&lab);
    lab_expect_port(&lab, 5060, VERDICT_UNREACHABLE, REASON_TIMEOUT);
    assert_int_equal(lab_port(&lab, 5060)->unsolicited, TRI_YES);
    lab_expect_port(&lab, 9000, VERDICT_PASS, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_PARTIAL);
    lab_end(&lab);
}

static void rejected_port_names_the_icmp_cause(void **state)
{
    (void)state;
    static const enum reason reasons[] = {REASON_ADMIN_PROHIBITED, REASON_PORT_UNREACHABLE, REASON_NO_ROUTE};
    for (enum sweep_icmp icmp = SWEEP_ICMP_ADMIN_PROHIBITED; icmp <= SWEEP_ICMP_NO_ROUTE; icmp++) {
        struct lab lab;
        lab_begin(&lab, "9000-9019/udp");
        lab.router.block = SIM_REJECT;
        lab.router.icmp = icmp;
        lab.router.blocked = (struct sim_range){9000, 9019};
        lab_sweep(&lab);
        lab_expect_all(&lab, VERDICT_UNREACHABLE, reasons[icmp]);
        lab_expect_outcome(&lab, OUTCOME_UNSUPPORTED);
        lab_end(&lab);
    }
}

static void everything_blocked_is_not_run(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.router.block = SIM_DROP;
    lab.router.blocked = (struct sim_range){1, 65535};
    lab_sweep(&lab);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    lab_expect_class(&lab, NAT_CLASS_UNKNOWN);
    assert_in_range(lab.packets, 6, 20);
    lab_end(&lab);
}

static void only_ports_below_20000_get_out(struct lab *lab)
{
    lab->router.block = SIM_DROP;
    lab->router.blocked = (struct sim_range){20000, 65535};
}

/* The one that stood in for the ephemeral ports had sent before it could be tested unasked. */
static uint32_t index_of_the_stand_in(const struct lab *lab)
{
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < lab->report->port_count; i++)
        if (plan_is_probed(&lab->plan, lab->report->ports[i].port)) {
            assert_int_equal(found, UINT32_MAX);
            found = i;
        }
    assert_int_not_equal(found, UINT32_MAX);
    return found;
}

/* The site lets out the PBX's ports only: some are tried before the server is given up, and one asks for the others. */
static void ephemeral_ports_blocked_is_still_swept(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9009);
    only_ports_below_20000_get_out(&lab);
    lab_sweep(&lab);
    uint16_t stand_in = lab.report->ports[index_of_the_stand_in(&lab)].port;
    for (uint16_t port = 9000; port < 9020; port++)
        if (port != stand_in)
            lab_expect_port(&lab, port, port < 9010 ? VERDICT_PASS : VERDICT_CLOSED, REASON_NONE);
    assert_int_equal(lab_port(&lab, 9000)->unsolicited, TRI_YES);
    lab_expect_outcome(&lab, OUTCOME_PARTIAL);
    assert_in_range(lab.took_us, 0, 12000000);
    lab_end(&lab);
}

static void ephemeral_ports_blocked_and_all_forwarded(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_forward(&lab, 5060, 5060);
    lab_forward(&lab, 9000, 9019);
    only_ports_below_20000_get_out(&lab);
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 20);
    lab_expect_port(&lab, 5060, VERDICT_PASS, REASON_NONE);
    const struct port_result *stand_in = &lab.report->ports[index_of_the_stand_in(&lab)];
    lab_expect_port(&lab, stand_in->port, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE);
    lab_expect_outcome(&lab, OUTCOME_INCONCLUSIVE);
    assert_int_equal(lab.report->nat.mapping, BEHAVIOUR_ENDPOINT_INDEPENDENT);
    assert_int_equal(lab.report->nat.filtering, BEHAVIOUR_UNKNOWN);
    lab_end(&lab);
}

static void ephemeral_ports_blocked_and_none_forwarded(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab.router.forgets_strangers = true;
    only_ports_below_20000_get_out(&lab);
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_CLOSED, REASON_NONE);
    lab_expect_outcome(&lab, OUTCOME_UNSUPPORTED);
    lab_end(&lab);
}

static void ephemeral_ports_blocked_behind_a_full_cone(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_forward(&lab, 5060, 5060);
    lab.router.filter = SIM_FILTER_ENDPOINT;
    lab.router.forgets_strangers = true;
    only_ports_below_20000_get_out(&lab);
    lab_sweep(&lab);
    lab_expect_port(&lab, 5060, VERDICT_PASS, REASON_NONE);
    const struct port_result *stand_in = &lab.report->ports[index_of_the_stand_in(&lab)];
    for (uint16_t port = 9000; port < 9020; port++)
        if (port != stand_in->port)
            lab_expect_port(&lab, port, VERDICT_DYNAMIC, REASON_NONE);
    lab_expect_port(&lab, stand_in->port, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE);
    lab_end(&lab);
}

/* Scouts go to each range, so one port that gets out is enough. */
static void only_the_sip_port_gets_out(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_forward(&lab, 5060, 5060);
    lab.router.block = SIM_DROP;
    lab.router.blocked = (struct sim_range){9000, 65535};
    lab_sweep(&lab);
    assert_int_equal(lab_port(&lab, 5060)->reached, TRI_YES);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED) + lab_count(&lab, VERDICT_PASS), 0);
    lab_end(&lab);
}

/* ... and not even all of those. */
static void ephemeral_and_some_ports_blocked(void **state)
{
    (void)state;
    uint32_t unreachable = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        lab_begin(&lab, "9000-9019/udp");
        lab_forward(&lab, 9000, (uint16_t)(8999 + seed % 10)); /* the first time none */
        lab.plan.seed = seed;
        lab.router.block = SIM_DROP;
        lab.router.blocked = (struct sim_range){20000, 65535};
        lab.router.silenced = (struct sim_range){9010, 9011};
        lab_sweep(&lab);
        for (uint16_t port = 9000; port < 9020; port++) {
            bool silenced = port == 9010 || port == 9011;
            if (silenced && lab_port(&lab, port)->verdict != VERDICT_UNREACHABLE) /* it was the last to begin */
                lab_expect_port(&lab, port, VERDICT_INCONCLUSIVE, REASON_TABLE_FULL);
            assert_int_equal(lab_port(&lab, port)->reached, silenced ? TRI_NO : TRI_YES);
        }
        assert_in_range(lab.took_us, 0, 20000000);
        unreachable += lab_count(&lab, VERDICT_UNREACHABLE);
        lab_end(&lab);
    }
    assert_in_range(unreachable, 30, 40);
}

/* The site lets nothing out to the second address: only an answer from there proves the server, and one is enough. */
static void second_address_blocked_outwards(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab_forward(&lab, 9000, 9009);
    lab.router.blocks_second = true;
    lab_sweep(&lab);
    for (uint16_t port = 9000; port < 9010; port++)
        assert_int_equal(lab_port(&lab, port)->inbound, TRI_YES);
    for (uint16_t port = 9010; port < 9020; port++)
        lab_expect_port(&lab, port, VERDICT_CLOSED, REASON_NONE);
    lab_end(&lab);
}

static void second_address_blocked_and_nothing_forwarded_is_never_closed(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.router.blocks_second = true;
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    lab_expect_outcome(&lab, OUTCOME_NOT_RUN);
    lab_end(&lab);
}

/* Ports leave by another public address than the ephemeral ones: Test 3 went astray and says nothing. */
static void several_wans_leave_unsolicited_unknown(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9009/udp");
    lab.router.second_wan = true;
    lab_sweep(&lab);
    for (uint16_t port = 9000; port < 9010; port++) {
        lab_expect_port(&lab, port, VERDICT_CLOSED, REASON_NONE);
        assert_int_equal(lab_port(&lab, port)->unsolicited, TRI_UNKNOWN);
    }
    assert_string_equal(lab.report->warnings[0].code, "several_public_addresses");
    lab_end(&lab);
}

static void held_port_is_in_use_and_names_its_owner(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9019/udp");
    lab_forward(&lab, 9000, 9019);
    lab.held = (struct sim_range){5060, 5060};
    lab_sweep(&lab);
    lab_expect_port(&lab, 5060, VERDICT_IN_USE, REASON_NONE);
    assert_string_equal(lab_port(&lab, 5060)->owner->name, "pbx");
    assert_int_equal(lab_port(&lab, 5060)->owner->pid, 812);
    lab_expect_outcome(&lab, OUTCOME_SUPPORTED);
    lab_end(&lab);
}

static void few_sockets_are_shared(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9099/udp");
    lab_forward(&lab, 9000, 9049);
    lab.sockets_max = 12;
    lab_sweep(&lab);
    assert_int_equal(lab_count(&lab, VERDICT_PASS), 50);
    assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 50);
    lab_end(&lab);
}

static void own_firewall_is_admin_prohibited(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "9000-9019/udp");
    lab.send_error = 1; /* EPERM */
    lab_sweep(&lab);
    lab_expect_all(&lab, VERDICT_UNREACHABLE, REASON_ADMIN_PROHIBITED);
    lab_end(&lab);
}

static void tcp_ports_are_not_tested(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, "5060/udp,5060-5061/tcp");
    lab_forward(&lab, 5060, 5060);
    lab_sweep(&lab);
    lab_expect_outcome(&lab, OUTCOME_SUPPORTED);
    assert_int_equal(lab_count(&lab, VERDICT_NOT_TESTED), 2);
    assert_int_equal(lab.report->ports[2].reason, REASON_NO_TURN_CREDENTIALS);
    lab_end(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(static_forward_passes),
        cmocka_unit_test(port_restricted_without_forward_is_closed),
        cmocka_unit_test(rewritten_sources_are_neither_closed_nor_a_pass),
        cmocka_unit_test(dynamic_full_cone_is_dynamic),
        cmocka_unit_test(living_mapping_is_no_forward),
        cmocka_unit_test(full_cone_with_forward_passes_when_silent),
        cmocka_unit_test(right_forward_with_random_source_port_is_translated),
        cmocka_unit_test(symmetric_nat_is_translated),
        cmocka_unit_test(address_dependent_mapping_is_symmetric),
        cmocka_unit_test(symmetric_nat_with_static_ports_passes_where_forwarded),
        cmocka_unit_test(address_restricted_is_closed_and_restricted_cone),
        cmocka_unit_test(wrong_host_looks_closed),
        cmocka_unit_test(partly_forwarded_range_is_partial),
        cmocka_unit_test(open_internet_passes_even_when_ports_talk),
        cmocka_unit_test(firewall_without_nat_is_symmetric_firewall),
        cmocka_unit_test(port_expected_closed_is_good_when_closed),
        cmocka_unit_test(silently_blocked_port_is_unreachable_by_timeout),
        cmocka_unit_test(rejected_port_names_the_icmp_cause),
        cmocka_unit_test(everything_blocked_is_not_run),
        cmocka_unit_test(ephemeral_ports_blocked_is_still_swept),
        cmocka_unit_test(ephemeral_ports_blocked_and_all_forwarded),
        cmocka_unit_test(ephemeral_ports_blocked_and_none_forwarded),
        cmocka_unit_test(ephemeral_ports_blocked_behind_a_full_cone),
        cmocka_unit_test(only_the_sip_port_gets_out),
        cmocka_unit_test(ephemeral_and_some_ports_blocked),
        cmocka_unit_test(second_address_blocked_outwards),
        cmocka_unit_test(second_address_blocked_and_nothing_forwarded_is_never_closed),
        cmocka_unit_test(several_wans_leave_unsolicited_unknown),
        cmocka_unit_test(held_port_is_in_use_and_names_its_owner),
        cmocka_unit_test(few_sockets_are_shared),
        cmocka_unit_test(own_firewall_is_admin_prohibited),
        cmocka_unit_test(tcp_ports_are_not_tested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
