#include "proto/report_key.h"

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

#define SWEEP_ID UINT64_C(0x7123456789abcdef)

static uint8_t *frame_of(uint32_t batch, size_t *len)
{
    uint8_t *frame;
    struct report *report = report_sample(SAMPLE_RANDOM, "1-10000/udp", 7);
    assert_non_null(report);
    assert_int_equal(wire_encode_report_batch(report, SWEEP_ID, INT64_C(1767225600000000), batch, &frame, len), 0);
    report_free(report);
    return frame;
}

static void the_key_of_every_batch_is_found(void **state)
{
    (void)state;
    for (uint32_t batch = 0; batch < 3; batch++) {
        size_t len;
        uint8_t *frame = frame_of(batch, &len);
        struct report_key key;
        assert_true(report_key_find(frame, len, &key));
        assert_true(key.sweep_id == SWEEP_ID);
        assert_int_equal(key.batch, batch);
        free(frame);
    }
}

/* Each part is an allocation of its own, so that the address sanitizer sees a byte too far. */
static void a_cut_frame_has_no_key(void **state)
{
    (void)state;
    size_t len;
    uint8_t *frame = frame_of(1, &len);
    for (size_t cut = 0; cut < len; cut += cut < 64 ? 1 : 97) {
        uint8_t *part = malloc(cut ? cut : 1);
        struct report_key key;
        assert_non_null(part);
        memcpy(part, frame, cut);
        if (report_key_find(part, cut, &key))
            fail_msg("a frame cut after %zu bytes has no whole batch", cut);
        free(part);
    }
    free(frame);
}

static void nothing_else_has_a_key(void **state)
{
    (void)state;
    Natsweep__Heartbeat heartbeat = NATSWEEP__HEARTBEAT__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HEARTBEAT;
    envelope.heartbeat = &heartbeat;
    uint8_t *frame;
    size_t len;
    struct report_key key;
    assert_int_equal(wire_encode(&envelope, &frame, &len), 0);
    assert_false(report_key_find(frame, len, &key));
    free(frame);
    static const uint8_t noise[] = {0x52, 0x04, 0xff, 0xff, 0xff, 0xff, 0x00};
    assert_false(report_key_find(noise, sizeof noise, &key));
    assert_false(report_key_find(noise, 0, &key));
}

static uint8_t *batch_frame(uint64_t sweep_id, uint32_t batch, size_t *len)
{
    Natsweep__ReportBatch body = NATSWEEP__REPORT_BATCH__INIT;
    body.sweep_id = sweep_id;
    body.batch = batch;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.version = PROTOCOL_VERSION + 1;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_REPORT_BATCH;
    envelope.report_batch = &body;
    *len = natsweep__envelope__get_packed_size(&envelope);
    uint8_t *frame = malloc(*len);
    assert_non_null(frame);
    natsweep__envelope__pack(&envelope, frame);
    return frame;
}

static void a_key_that_no_ack_could_name_is_none(void **state)
{
    (void)state;
    const struct {
        uint64_t sweep_id;
        uint32_t batch;
        bool found;
    } rows[] = {{1, 0, true},
                {INT64_MAX, REPORT_BATCHES_MAX - 1, true},
                {0, 0, false},
                {(uint64_t)INT64_MAX + 1, 0, false},
                {1, REPORT_BATCHES_MAX, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t len;
        struct report_key key;
        uint8_t *frame = batch_frame(rows[i].sweep_id, rows[i].batch, &len);
        assert_int_equal(report_key_find(frame, len, &key), rows[i].found);
        if (rows[i].found)
            assert_true(key.sweep_id == rows[i].sweep_id && key.batch == rows[i].batch);
        free(frame);
    }
}

static unsigned number_of(const ProtobufCMessageDescriptor *message, const char *name)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(message, name);
    assert_non_null(field);
    return field->id;
}

static void the_fields_are_those_of_the_protocol(void **state)
{
    (void)state;
    assert_int_equal(number_of(&natsweep__envelope__descriptor, "report_batch"), 10);
    assert_int_equal(number_of(&natsweep__report_batch__descriptor, "sweep_id"), 1);
    assert_int_equal(number_of(&natsweep__report_batch__descriptor, "batch"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_of_every_batch_is_found),
        cmocka_unit_test(a_cut_frame_has_no_key),
        cmocka_unit_test(nothing_else_has_a_key),
        cmocka_unit_test(a_key_that_no_ack_could_name_is_none),
        cmocka_unit_test(the_fields_are_those_of_the_protocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
