#include "proto/wire_report.h"

#include "proto/limits.h"
#include "proto/wire.h"
#include "sample/report_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define SWEEP_ID 4711
#define AT_US INT64_C(1767225600000000)

static struct report *carry(const struct report *report, uint32_t batch)
{
    uint8_t *frame;
    size_t len;
    Envelope *envelope;
    struct report *back;
    assert_int_equal(wire_encode_report_batch(report, SWEEP_ID, AT_US, batch, &frame, &len), WIRE_OK);
    assert_int_equal(wire_decode(frame, len, &envelope), WIRE_OK);
    free(frame);
    assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH);
    assert_int_equal(envelope->report_batch->sweep_id, SWEEP_ID);
    assert_int_equal(envelope->report_batch->at_us, AT_US);
    assert_int_equal(envelope->report_batch->batch, batch);
    assert_int_equal(wire_decode_report_batch(envelope->report_batch, &back), WIRE_OK);
    wire_free(envelope);
    return back;
}

static void check_summary(const struct report *expected, const struct report *actual)
{
    assert_int_equal(actual->outcome, expected->outcome);
    assert_int_equal(actual->family, expected->family);
    assert_string_equal(actual->message, expected->message);
    assert_int_equal(actual->advice_count, expected->advice_count);
    assert_memory_equal(actual->advice, expected->advice, sizeof expected->advice);
    assert_int_equal(actual->warning_count, expected->warning_count);
    assert_memory_equal(actual->warnings, expected->warnings, sizeof expected->warnings);
    assert_string_equal(actual->server_name, expected->server_name);
    assert_true(address_equal(&actual->server_address, &expected->server_address));
    assert_true(address_equal(&actual->server_other_address, &expected->server_other_address));
    assert_true(address_same_ip(&actual->local_address, &expected->local_address));
    assert_true(address_same_ip(&actual->public_address, &expected->public_address));
    assert_int_equal(actual->started_at_us, expected->started_at_us);
    assert_int_equal(actual->duration_us, expected->duration_us);
    assert_memory_equal(&actual->nat, &expected->nat, sizeof expected->nat);
}

static void a_whole_report_comes_back(void **state)
{
    (void)state;
    for (int kind = SAMPLE_SUPPORTED; kind <= SAMPLE_RANDOM; kind++) {
        struct report *report = report_sample((enum report_sample_kind)kind, "@3cx", 3);
        assert_int_equal(wire_report_batches(report), 1);
        struct report *back = carry(report, 0);
        check_summary(report, back);
        assert_int_equal(back->port_count, report->port_count);
        report_free(back);
        report_free(report);
    }
}

static void a_large_report_travels_in_batches(void **state)
{
    (void)state;
    struct report *report = report_sample(SAMPLE_RANDOM, "1-65535/udp,1-65535/tcp", 5);
    size_t batches = wire_report_batches(report), port = 0;
    assert_int_equal(batches, 32);
    assert_true(batches <= REPORT_BATCHES_MAX);
    for (uint32_t batch = 0; batch < batches; batch++) {
        struct report *back = carry(report, batch);
        assert_int_equal(back->outcome, batch + 1 == batches ? report->outcome : 0);
        for (size_t i = 0; i < back->port_count; i++, port++) {
            assert_int_equal(back->ports[i].port, report->ports[port].port);
            assert_int_equal(back->ports[i].verdict, report->ports[port].verdict);
        }
        report_free(back);
    }
    assert_int_equal(port, report->port_count);
    report_free(report);
}

static void a_report_without_ports_is_one_batch(void **state)
{
    (void)state;
    struct report *report = report_create(0, 0);
    report->outcome = OUTCOME_NOT_RUN;
    report->family = 4;
    report->nat.nat_class = NAT_CLASS_UNKNOWN;
    report->nat.mapping = report->nat.filtering = BEHAVIOUR_UNKNOWN;
    struct report *back = carry(report, 0);
    assert_int_equal(back->outcome, OUTCOME_NOT_RUN);
    assert_int_equal(back->port_count, 0);
    assert_false(address_known(&back->public_address));
    assert_int_equal(back->nat.binding_lifetime_s, -1);
    report_free(back);
    report_free(report);
}

static void texts_from_the_network_are_cleaned(void **state)
{
    (void)state;
    struct report *report = report_sample(SAMPLE_RANDOM, "5060-5100/udp", 3);
    strcpy(report->nat.sip_alg_diff, "-Via: \xff\n+Via: \x01");
    strcpy(report->message, "line\nline");
    strcpy(report->owners[0].name, "\x1bprogram");
    struct report *back = carry(report, 0);
    assert_string_equal(back->nat.sip_alg_diff, "-Via: ?\n+Via: ?");
    assert_string_equal(back->message, "line?line");
    assert_string_equal(back->owners[0].name, "?program");
    report_free(back);
    report_free(report);
}

static void broken_reports_are_refused_at_home(void **state)
{
    (void)state;
    uint8_t *frame;
    size_t len;
    struct report *report = report_sample(SAMPLE_SUPPORTED, "5060/udp", 3);
    assert_int_equal(wire_encode_report_batch(report, SWEEP_ID, AT_US, 1, &frame, &len), WIRE_FIELD);
    assert_int_equal(wire_encode_report_batch(report, 0, AT_US, 0, &frame, &len), WIRE_FIELD);
    report->outcome = 0;
    assert_int_equal(wire_encode_report_batch(report, SWEEP_ID, AT_US, 0, &frame, &len), WIRE_FIELD);
    report_free(report);
}

static void the_summary_travels_with_the_last_batch_only(void **state)
{
    (void)state;
    Natsweep__ReportBatch batch = NATSWEEP__REPORT_BATCH__INIT;
    Natsweep__PortColumns columns = NATSWEEP__PORT_COLUMNS__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    uint8_t *frame;
    size_t len;
    batch.sweep_id = SWEEP_ID;
    batch.at_us = AT_US;
    batch.columns = &columns;
    batch.batches = 2;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_REPORT_BATCH;
    envelope.report_batch = &batch;
    assert_int_equal(wire_encode(&envelope, &frame, &len), WIRE_OK);
    free(frame);
    batch.batch = 1; /* the last one, and no summary */
    assert_int_equal(wire_encode(&envelope, &frame, &len), WIRE_FIELD);
    batch.batch = 2; /* past the end */
    assert_int_equal(wire_encode(&envelope, &frame, &len), WIRE_FIELD);
}

/* Every number of every word list survives the wire, so that a list that grows past what the coding holds fails here.
 */
static void carry_words(const struct report *report, size_t port)
{
    struct report *back = carry(report, 0);
    assert_int_equal(back->ports[port].verdict, report->ports[port].verdict);
    assert_int_equal(back->ports[port].reason, report->ports[port].reason);
    assert_int_equal(back->ports[port].role, report->ports[port].role);
    assert_int_equal(back->ports[port].expect, report->ports[port].expect);
    assert_int_equal(back->outcome, report->outcome);
    assert_int_equal(back->nat.nat_class, report->nat.nat_class);
    assert_int_equal(back->nat.mapping, report->nat.mapping);
    report_free(back);
}

static void every_word_comes_back(void **state)
{
    (void)state;
    struct report *report = report_sample(SAMPLE_SUPPORTED, "5060/udp", 3);
    struct port_result *port = report->ports;
    uint8_t *const fields[] = {&port->verdict,   &port->reason,          &port->role,         &port->expect,
                               &report->outcome, &report->nat.nat_class, &report->nat.mapping};
    const char *(*const words[])(unsigned) = {verdict_word, reason_word,    role_word,     expect_word,
                                              outcome_word, nat_class_word, behaviour_word};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        uint8_t before = *fields[i];
        for (unsigned number = 1; words[i](number); number++) {
            *fields[i] = (uint8_t)number;
            carry_words(report, 0);
        }
        *fields[i] = before;
    }
    report_free(report);
}

/* What an agent of protocol version 1 sent: report_sample(SAMPLE_PARTIAL, "443/tcp,5060/udp,9000-9003/udp", 1). Spools
 * hold such frames for weeks, so every later version has to read them. */
static void a_recorded_frame_stays_readable(void **state)
{
    (void)state;
    static const uint8_t frame[] = {
        0x08, 0x01, 0x52, 0xcc, 0x03, 0x09, 0x67, 0x12, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x80, 0x80, 0x81,
        0xb1, 0x84, 0xe9, 0x91, 0x03, 0x20, 0x01, 0x2a, 0x39, 0x0a, 0x0b, 0xc4, 0xa7, 0x04, 0x00, 0xe3, 0x1e, 0x03,
        0x8f, 0xbd, 0x03, 0x00, 0x12, 0x02, 0x11, 0x05, 0x1a, 0x02, 0x0a, 0x05, 0x22, 0x03, 0xaa, 0x07, 0x05, 0x2a,
        0x02, 0x03, 0x05, 0x32, 0x02, 0x01, 0x05, 0x3a, 0x04, 0xcb, 0x00, 0x71, 0x02, 0x48, 0x14, 0x50, 0xb8, 0x08,
        0x5a, 0x06, 0x27, 0x58, 0x77, 0x16, 0x00, 0x37, 0x62, 0x02, 0x00, 0x05, 0x32, 0xfa, 0x02, 0x08, 0x02, 0x12,
        0x2d, 0x36, 0x20, 0x70, 0x6f, 0x72, 0x74, 0x73, 0x20, 0x77, 0x65, 0x72, 0x65, 0x20, 0x74, 0x65, 0x73, 0x74,
        0x65, 0x64, 0x20, 0x61, 0x67, 0x61, 0x69, 0x6e, 0x73, 0x74, 0x20, 0x73, 0x74, 0x75, 0x6e, 0x2e, 0x65, 0x78,
        0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x6e, 0x65, 0x74, 0x2e, 0x1a, 0x1d, 0x46, 0x6f, 0x72, 0x77, 0x61, 0x72,
        0x64, 0x20, 0x74, 0x68, 0x65, 0x20, 0x70, 0x6f, 0x72, 0x74, 0x73, 0x20, 0x74, 0x6f, 0x20, 0x74, 0x68, 0x65,
        0x20, 0x50, 0x42, 0x58, 0x2e, 0x1a, 0x3e, 0x43, 0x68, 0x65, 0x63, 0x6b, 0x20, 0x74, 0x68, 0x61, 0x74, 0x20,
        0x74, 0x68, 0x65, 0x20, 0x72, 0x75, 0x6c, 0x65, 0x20, 0x70, 0x6f, 0x69, 0x6e, 0x74, 0x73, 0x20, 0x61, 0x74,
        0x20, 0x74, 0x68, 0x65, 0x20, 0x50, 0x42, 0x58, 0x20, 0x61, 0x6e, 0x64, 0x20, 0x6e, 0x6f, 0x74, 0x20, 0x61,
        0x74, 0x20, 0x61, 0x6e, 0x6f, 0x74, 0x68, 0x65, 0x72, 0x20, 0x68, 0x6f, 0x73, 0x74, 0x2e, 0x22, 0x4d, 0x0a,
        0x13, 0x73, 0x65, 0x63, 0x6f, 0x6e, 0x64, 0x5f, 0x61, 0x64, 0x64, 0x72, 0x65, 0x73, 0x73, 0x5f, 0x73, 0x6c,
        0x6f, 0x77, 0x12, 0x36, 0x54, 0x68, 0x65, 0x20, 0x73, 0x65, 0x63, 0x6f, 0x6e, 0x64, 0x20, 0x61, 0x64, 0x64,
        0x72, 0x65, 0x73, 0x73, 0x20, 0x61, 0x6e, 0x73, 0x77, 0x65, 0x72, 0x73, 0x20, 0x34, 0x30, 0x20, 0x6d, 0x73,
        0x20, 0x6c, 0x61, 0x74, 0x65, 0x72, 0x20, 0x74, 0x68, 0x61, 0x6e, 0x20, 0x74, 0x68, 0x65, 0x20, 0x66, 0x69,
        0x72, 0x73, 0x74, 0x2e, 0x2a, 0x10, 0x73, 0x74, 0x75, 0x6e, 0x2e, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65,
        0x2e, 0x6e, 0x65, 0x74, 0x32, 0x09, 0x08, 0x96, 0x1b, 0x12, 0x04, 0xcb, 0x00, 0x71, 0x0a, 0x3a, 0x09, 0x08,
        0x97, 0x1b, 0x12, 0x04, 0xcb, 0x00, 0x71, 0x0b, 0x42, 0x06, 0x12, 0x04, 0xc0, 0xa8, 0x4d, 0x02, 0x4a, 0x06,
        0x12, 0x04, 0xcb, 0x00, 0x71, 0x02, 0x50, 0x04, 0x58, 0xc0, 0xc4, 0x88, 0xb1, 0x84, 0xe9, 0x91, 0x03, 0x60,
        0xa5, 0xc6, 0xcb, 0x02, 0x6a, 0x4f, 0x08, 0x04, 0x10, 0x02, 0x18, 0x04, 0x20, 0x02, 0x28, 0x01, 0x30, 0x01,
        0x40, 0x02, 0x4a, 0x3c, 0x2d, 0x56, 0x69, 0x61, 0x3a, 0x20, 0x53, 0x49, 0x50, 0x2f, 0x32, 0x2e, 0x30, 0x2f,
        0x55, 0x44, 0x50, 0x20, 0x31, 0x39, 0x32, 0x2e, 0x31, 0x36, 0x38, 0x2e, 0x37, 0x37, 0x2e, 0x32, 0x0a, 0x2b,
        0x56, 0x69, 0x61, 0x3a, 0x20, 0x53, 0x49, 0x50, 0x2f, 0x32, 0x2e, 0x30, 0x2f, 0x55, 0x44, 0x50, 0x20, 0x32,
        0x30, 0x33, 0x2e, 0x30, 0x2e, 0x31, 0x31, 0x33, 0x2e, 0x32, 0x50, 0xe8, 0x02, 0x70, 0x06,
    };
    Envelope *envelope;
    struct report *back, *report = report_sample(SAMPLE_PARTIAL, "443/tcp,5060/udp,9000-9003/udp", 1);
    assert_int_equal(wire_decode(frame, sizeof frame, &envelope), WIRE_OK);
    assert_int_equal(envelope->version, 1);
    assert_int_equal(wire_decode_report_batch(envelope->report_batch, &back), WIRE_OK);
    check_summary(report, back);
    assert_int_equal(back->port_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(back->ports[i].port, report->ports[i].port);
        assert_int_equal(back->ports[i].transport, report->ports[i].transport);
        assert_int_equal(back->ports[i].verdict, report->ports[i].verdict);
        assert_int_equal(back->ports[i].attempts, report->ports[i].attempts);
    }
    wire_free(envelope);
    report_free(back);
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_report_comes_back),
        cmocka_unit_test(a_large_report_travels_in_batches),
        cmocka_unit_test(a_report_without_ports_is_one_batch),
        cmocka_unit_test(texts_from_the_network_are_cleaned),
        cmocka_unit_test(broken_reports_are_refused_at_home),
        cmocka_unit_test(the_summary_travels_with_the_last_batch_only),
        cmocka_unit_test(every_word_comes_back),
        cmocka_unit_test(a_recorded_frame_stays_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
