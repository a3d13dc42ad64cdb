#include "sweep/double_nat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define PORTS 20

#define IP(a, b, c, d)                                                                                                 \
    {                                                                                                                  \
        .family = 4, .ip = { a, b, c, d }                                                                              \
    }
#define NONE                                                                                                           \
    {                                                                                                                  \
        .family = 0                                                                                                    \
    }

static struct report *make_report(void)
{
    struct report *report = report_create(PORTS, 0);
    assert_non_null(report);
    report->local_address = (struct address)IP(192, 168, 77, 2);
    report->public_address = (struct address)IP(203, 0, 113, 2);
    return report;
}

static void each_evidence_has_its_judgement(void **state)
{
    (void)state;
    static const struct {
        struct double_nat_evidence evidence;
        enum tri verdict;
        const char *warning;
    } rows[] = {
        {{.second_hop = NONE}, TRI_UNKNOWN, NULL},
        {{.server_is_second_hop = true}, TRI_NO, NULL},
        {{.second_hop = IP(198, 51, 100, 1)}, TRI_NO, NULL},
        {{.second_hop = IP(10, 0, 0, 1)}, TRI_YES, "double_nat"},
        {{.second_hop = IP(100, 64, 0, 1)}, TRI_YES, "double_nat"},
        {{.router_wan = IP(203, 0, 113, 2)}, TRI_NO, NULL},
        {{.router_wan = IP(203, 0, 113, 2), .second_hop = IP(10, 0, 0, 1)}, TRI_NO, NULL}, /* a provider's own router */
        {{.router_wan = IP(192, 168, 1, 9)}, TRI_YES, "double_nat"},
        {{.router_wan = IP(100, 64, 0, 9), .server_is_second_hop = true}, TRI_YES, "double_nat"},
        {{.router_wan = IP(198, 51, 100, 9)}, TRI_UNKNOWN, "router_address_differs"},
        {{.router_wan = IP(127, 0, 0, 1)}, TRI_UNKNOWN, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct report *report = make_report();
        struct double_nat_evidence evidence = rows[i].evidence;
        evidence.router_wan_how = "NAT-PMP";
        double_nat_judge(&evidence, report);
        assert_int_equal(report->nat.double_nat, rows[i].verdict);
        assert_int_equal(report->warning_count, rows[i].warning ? 1 : 0);
        if (rows[i].warning)
            assert_string_equal(report->warnings[0].code, rows[i].warning);
        report_free(report);
    }
}

static void what_a_forward_disproves_is_not_claimed(void **state)
{
    (void)state;
    struct double_nat_evidence evidence = {.second_hop = IP(100, 64, 0, 1)};
    for (int forwarded = 0; forwarded < 2; forwarded++) {
        struct report *report = make_report();
        report->ports[1].verdict = forwarded ? VERDICT_PASS : VERDICT_CLOSED;
        double_nat_judge(&evidence, report);
        assert_int_equal(strstr(report->warnings[0].message, "opens anything") != NULL, !forwarded);
        report_free(report);
    }
}

static void without_nat_there_is_no_second_one(void **state)
{
    (void)state;
    struct double_nat_evidence evidence = {.second_hop = IP(10, 0, 0, 1)};
    struct report *report = make_report();
    report->local_address = report->public_address;
    double_nat_judge(&evidence, report);
    assert_int_equal(report->nat.double_nat, TRI_NO);
    report_free(report);
}

/* What double_nat_judge says of ports that leave as first, first + step, ... */
static enum tri judge_ports(uint16_t first, uint16_t step, enum tri preserved, char message[REPORT_MESSAGE_BYTES])
{
    struct double_nat_evidence evidence = {.server_is_second_hop = true};
    struct report *report = make_report();
    for (uint16_t i = 0; i < PORTS; i++) {
        report->ports[i].preserved = (uint8_t)preserved;
        report->ports[i].mapped = report->public_address;
        report->ports[i].mapped.port = (uint16_t)(first + i * step);
    }
    double_nat_judge(&evidence, report);
    enum tri verdict = report->nat.double_nat;
    memcpy(message, report->warnings[0].message, REPORT_MESSAGE_BYTES);
    report_free(report);
    return verdict;
}

static void a_block_of_ports_is_a_carriers(void **state)
{
    (void)state;
    char message[REPORT_MESSAGE_BYTES];
    assert_int_equal(judge_ports(10010, 7, TRI_NO, message), TRI_YES);
    assert_non_null(strstr(message, "from 9984 to 10239"));
}

static void other_ports_are_no_block(void **state)
{
    (void)state;
    char message[REPORT_MESSAGE_BYTES];
    assert_int_equal(judge_ports(10010, 1, TRI_NO, message), TRI_NO);   /* in sequence */
    assert_int_equal(judge_ports(2000, 3000, TRI_NO, message), TRI_NO); /* anywhere */
    assert_int_equal(judge_ports(10010, 7, TRI_YES, message), TRI_NO);  /* kept */
    assert_int_equal(judge_ports(1030, 150, TRI_NO, message), TRI_NO);  /* nobody gets the lowest */
}

/* The router's own pool of source ports looks like a carrier's block, but nothing that a carrier keeps for others gets
 * in. */
static void a_port_that_is_reached_outside_of_a_block_is_no_carriers(void **state)
{
    (void)state;
    struct double_nat_evidence evidence = {.server_is_second_hop = true};
    struct report *report = make_report();
    for (uint16_t i = 0; i < PORTS; i++) {
        report->ports[i] = (struct port_result){
            .port = (uint16_t)(9000 + i), .preserved = TRI_NO, .unsolicited = TRI_NO, .mapped = report->public_address};
        report->ports[i].mapped.port = (uint16_t)(10010 + i * 7);
    }
    report->ports[3].unsolicited = TRI_YES;
    double_nat_judge(&evidence, report);
    assert_int_equal(report->nat.double_nat, TRI_NO);
    assert_int_equal(report->warning_count, 0);
    report->ports[3].port = 10000; /* inside */
    double_nat_judge(&evidence, report);
    assert_int_equal(report->nat.double_nat, TRI_YES);
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_evidence_has_its_judgement),
        cmocka_unit_test(what_a_forward_disproves_is_not_claimed),
        cmocka_unit_test(without_nat_there_is_no_second_one),
        cmocka_unit_test(a_block_of_ports_is_a_carriers),
        cmocka_unit_test(other_ports_are_no_block),
        cmocka_unit_test(a_port_that_is_reached_outside_of_a_block_is_no_carriers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
