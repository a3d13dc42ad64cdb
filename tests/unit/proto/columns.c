#include "proto/columns.h"

#include "proto/limits.h"
#include "proto/wire.h"
#include "sample/report_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

/* The RTT comes back rounded to the unit that the encoder chose. */
static void check_port(const struct port_result *expected, const struct port_result *actual, int32_t unit_us)
{
    assert_int_equal(actual->port, expected->port);
    assert_int_equal(actual->transport, expected->transport);
    assert_int_equal(actual->role, expected->role);
    assert_int_equal(actual->expect, expected->expect);
    assert_int_equal(actual->verdict, expected->verdict);
    assert_int_equal(actual->reason, expected->reason);
    assert_int_equal(actual->reached, expected->reached);
    assert_int_equal(actual->preserved, expected->preserved);
    assert_int_equal(actual->inbound, expected->inbound);
    assert_int_equal(actual->unsolicited, expected->unsolicited);
    assert_int_equal(actual->attempts, expected->attempts);
    assert_int_equal(actual->live, expected->live);
    assert_int_equal(actual->rtt_us < 0, expected->rtt_us < 0);
    assert_true(expected->rtt_us < 0 || abs(actual->rtt_us - expected->rtt_us) <= unit_us);
    assert_memory_equal(&actual->mapped, &expected->mapped, sizeof actual->mapped);
    assert_int_equal(actual->owner != NULL, expected->owner != NULL);
    if (expected->owner) {
        assert_int_equal(actual->owner->pid, expected->owner->pid);
        assert_string_equal(actual->owner->name, expected->owner->name);
    }
}

static void check_round_trip(enum report_sample_kind kind, const char *ports, uint64_t seed)
{
    struct report *report = report_sample(kind, ports, seed), *back;
    assert_non_null(report);
    Natsweep__PortColumns *columns;
    assert_int_equal(columns_encode(report->ports, report->port_count, &columns), 0);
    int count = columns_count(columns);
    assert_int_equal(count, report->port_count);
    back = report_create((size_t)count, columns->n_owners);
    assert_int_equal(columns_decode(columns, back->ports, (size_t)count, back->owners), 0);
    for (size_t i = 0; i < report->port_count; i++)
        check_port(&report->ports[i], &back->ports[i], (int32_t)columns->rtt_unit_us);
    columns_free(columns);
    report_free(back);
    report_free(report);
}

static void round_trips(void **state)
{
    (void)state;
    for (int kind = SAMPLE_SUPPORTED; kind <= SAMPLE_RANDOM; kind++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            check_round_trip((enum report_sample_kind)kind, "@3cx", seed);
            check_round_trip((enum report_sample_kind)kind, "1/udp,3/udp,65535/udp,1/tcp,65533-65535/tcp", seed);
        }
}

static void no_ports(void **state)
{
    (void)state;
    Natsweep__PortColumns *columns;
    assert_int_equal(columns_encode(NULL, 0, &columns), 0);
    assert_int_equal(columns_count(columns), 0);
    assert_int_equal(columns_decode(columns, NULL, 0, NULL), 0);
    columns_free(columns);
}

static double bytes_a_port(enum report_sample_kind kind)
{
    struct report *report = report_sample(kind, "@3cx", 1);
    Natsweep__PortColumns *columns;
    assert_int_equal(columns_encode(report->ports, report->port_count, &columns), 0);
    double bytes = (double)natsweep__port_columns__get_packed_size(columns) / (double)report->port_count;
    columns_free(columns);
    report_free(report);
    return bytes;
}

static void check_size(enum report_sample_kind kind, const char *name, double limit)
{
    double bytes = bytes_a_port(kind);
    print_message("%s: %.3f bytes a port\n", name, bytes);
    assert_true(bytes <= limit);
}

static void sizes(void **state)
{
    (void)state;
    check_size(SAMPLE_SUPPORTED, "supported", 2.5);
    check_size(SAMPLE_PARTIAL, "partial", 2.5);
    check_size(SAMPLE_CLOSED, "closed", 2.5);
    check_size(SAMPLE_LOSSY, "20 % loss", 2.5);
    check_size(SAMPLE_SYMMETRIC, "symmetric", 6);
    check_size(SAMPLE_NOT_TESTED, "verdicts only", 0.1);
}

static void encoder_refuses_broken_reports(void **state)
{
    (void)state;
    Natsweep__PortColumns *columns;
    struct report *report = report_sample(SAMPLE_SUPPORTED, "1-3/udp", 1);
    struct port_result good = report->ports[1];
    report->ports[1].port = 1; /* twice */
    assert_int_equal(columns_encode(report->ports, 3, &columns), WIRE_FIELD);
    report->ports[1] = good;
    report->ports[1].verdict = 0;
    assert_int_equal(columns_encode(report->ports, 3, &columns), WIRE_FIELD);
    report->ports[1] = good;
    report->ports[1].mapped.port++; /* preserved, and yet another port */
    assert_int_equal(columns_encode(report->ports, 3, &columns), WIRE_FIELD);
    report->ports[1] = good;
    assert_int_equal(columns_encode(report->ports, REPORT_BATCH_PORTS + 1, &columns), WIRE_FIELD);
    report_free(report);
}

/* Two ports, 5060 and 5061 over UDP, that were not tested. */
struct small {
    Natsweep__PortColumns columns;
    uint32_t ports[4], plan[2], verdicts[2], facts[2], attempts[2], mapped_ips[2], owners[2];
};

#define SET_RUNS(small, member, column)                                                                                \
    (small)->columns.column = (small)->member, (small)->columns.n_##column = sizeof(small)->member / sizeof(uint32_t)

static void make_small(struct small *small)
{
    *small = (struct small){
        .ports = {1u << 16 | 5060, 1, 0, 0},
        .plan = {ROLE_SIP | EXPECT_OPEN << COLUMNS_PLAN_SHIFT, 1},
        .verdicts = {VERDICT_NOT_TESTED | REASON_CANCELLED << COLUMNS_VERDICT_SHIFT, 1},
        .facts = {0, 1},
        .attempts = {0, 1},
        .mapped_ips = {0, 1},
        .owners = {0, 1},
    };
    natsweep__port_columns__init(&small->columns);
    SET_RUNS(small, ports, port_runs);
    small->columns.n_port_runs = 2;
    SET_RUNS(small, plan, plan_runs);
    SET_RUNS(small, verdicts, verdict_runs);
    SET_RUNS(small, facts, fact_runs);
    SET_RUNS(small, attempts, attempt_runs);
    SET_RUNS(small, mapped_ips, mapped_ip_runs);
    SET_RUNS(small, owners, owner_runs);
}

static int decode_small(const struct small *small)
{
    struct port_result ports[REPORT_BATCH_PORTS];
    struct port_owner owners[4];
    int count = columns_count(&small->columns);
    return count < 0 ? count : columns_decode(&small->columns, ports, (size_t)count, owners);
}

#define CHECK_REFUSED(change)                                                                                          \
    do {                                                                                                               \
        struct small small;                                                                                            \
        make_small(&small);                                                                                            \
        assert_int_equal(decode_small(&small), 0);                                                                     \
        change;                                                                                                        \
        assert_int_equal(decode_small(&small), WIRE_FIELD);                                                            \
    } while (0)

static void decoder_refuses_impossible_columns(void **state)
{
    (void)state;
    CHECK_REFUSED(small.ports[0] = 5060);             /* no transport */
    CHECK_REFUSED(small.ports[0] = 3u << 16 | 5060);  /* no such transport */
    CHECK_REFUSED(small.ports[0] = 1u << 16);         /* port 0 */
    CHECK_REFUSED(small.ports[0] = 1u << 16 | 65535); /* the second port would be 65536 */
    CHECK_REFUSED(small.ports[0] = UINT32_MAX);
    CHECK_REFUSED(small.ports[1] = REPORT_BATCH_PORTS); /* too many */
    CHECK_REFUSED(small.ports[1] = 0);                  /* fewer ports than verdicts */
    CHECK_REFUSED(small.ports[1] = 2);                  /* more */
    CHECK_REFUSED(small.columns.n_port_runs = 1);
    CHECK_REFUSED(small.plan[0] = 0);
    CHECK_REFUSED(small.plan[0] = 0xfff);
    CHECK_REFUSED(small.verdicts[0] = 0);
    CHECK_REFUSED(small.verdicts[0] = 15);
    CHECK_REFUSED(small.verdicts[0] = VERDICT_PASS | 99 << COLUMNS_VERDICT_SHIFT);
    CHECK_REFUSED(small.facts[0] = 3);
    CHECK_REFUSED(small.facts[0] = COLUMNS_FACTS_END);
    CHECK_REFUSED(small.facts[0] = COLUMNS_RTT_KNOWN_BIT); /* and no RTT there */
    CHECK_REFUSED(small.attempts[0] = 256);
    CHECK_REFUSED(small.attempts[1] = UINT32_MAX);
    CHECK_REFUSED(small.mapped_ips[0] = 1); /* there is no address */
    CHECK_REFUSED(small.owners[0] = 1);     /* nor an owner */
}

static void decoder_refuses_leftovers(void **state)
{
    (void)state;
    uint8_t byte = 0;
    ProtobufCBinaryData one = {.len = 1, .data = &byte};
    CHECK_REFUSED(small.columns.rtt = one);
    CHECK_REFUSED(small.columns.mapped_ports = one);
}

/* More programs than a batch names: the ports stay, the last names go. */
static void too_many_owners_stay_unnamed(void **state)
{
    (void)state;
    struct report *report = report_sample(SAMPLE_NOT_TESTED, "1-300/udp", 1), *back = report_create(300, 300);
    for (int i = 0; i < 300; i++) {
        report->owners[i].pid = 1 + i;
        report->ports[i].owner = &report->owners[i];
    }
    Natsweep__PortColumns *columns;
    assert_int_equal(columns_encode(report->ports, 300, &columns), 0);
    assert_int_equal(columns->n_owners, REPORT_BATCH_OWNERS);
    assert_int_equal(columns_decode(columns, back->ports, 300, back->owners), 0);
    assert_int_equal(back->ports[REPORT_BATCH_OWNERS - 1].owner->pid, REPORT_BATCH_OWNERS);
    assert_null(back->ports[REPORT_BATCH_OWNERS].owner);
    columns_free(columns);
    report_free(back);
    report_free(report);
}

static void equal_owners_are_named_once(void **state)
{
    (void)state;
    struct report *report = report_sample(SAMPLE_NOT_TESTED, "1-300/udp", 1);
    for (int i = 0; i < 300; i++) {
        report->owners[i].pid = 812;
        report->ports[i].owner = &report->owners[i];
    }
    Natsweep__PortColumns *columns;
    assert_int_equal(columns_encode(report->ports, 300, &columns), 0);
    assert_int_equal(columns->n_owners, 1);
    columns_free(columns);
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),
        cmocka_unit_test(no_ports),
        cmocka_unit_test(sizes),
        cmocka_unit_test(encoder_refuses_broken_reports),
        cmocka_unit_test(decoder_refuses_impossible_columns),
        cmocka_unit_test(decoder_refuses_leftovers),
        cmocka_unit_test(too_many_owners_stay_unnamed),
        cmocka_unit_test(equal_owners_are_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
