#include "store/store_batch.h"

#include "sample/report_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct store_types types = {.array = {1, 2, 3}, .element = {4, 5, 6}};

static uint32_t number_at(const struct pg_binary *parameter, size_t at)
{
    const uint8_t *bytes = parameter->bytes + at;
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The records of an array parameter end exactly where it ends. */
static void check_array(const struct store_batch *batch, enum store_parameter which, uint32_t count, uint32_t columns)
{
    const struct pg_binary *parameter = &batch->parameters[which];
    assert_int_equal(number_at(parameter, 8), types.element[which]);
    assert_int_equal(number_at(parameter, 12), count);
    size_t at = 20;
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(number_at(parameter, at + 4), columns);
        at += 4 + number_at(parameter, at);
    }
    assert_int_equal(at, parameter->len);
}

static void add(struct store_batch *batch, int32_t item, enum report_sample_kind kind, Natsweep__Done *done)
{
    Natsweep__ReportBatch message = NATSWEEP__REPORT_BATCH__INIT;
    struct report *report = report_sample(kind, "@3cx", 1);
    message.sweep_id = 77;
    message.batches = 1;
    message.done = done;
    assert_int_equal(store_batch_add(batch, item, 5, &message, report), 0);
    report_free(report);
}

static void reports_become_three_arrays(void **state)
{
    (void)state;
    Natsweep__Done done = NATSWEEP__DONE__INIT;
    struct store_batch batch;
    store_batch_begin(&batch, &types);
    add(&batch, 0, SAMPLE_SUPPORTED, &done);
    add(&batch, 1, SAMPLE_NOT_TESTED, NULL); /* as a batch that is not the last: as many columns, null */
    assert_int_equal(store_batch_finish(&batch), 0);
    check_array(&batch, STORE_REPORTS, 2, 37);
    check_array(&batch, STORE_PARTS, 4, 12);
    check_array(&batch, STORE_EVIDENCE, 2, 12);
    store_batch_free(&batch);
}

static void nothing_is_three_empty_arrays(void **state)
{
    (void)state;
    struct store_batch batch;
    store_batch_begin(&batch, &types);
    assert_int_equal(store_batch_finish(&batch), 0);
    for (int i = 0; i < STORE_PARAMETERS; i++)
        check_array(&batch, (enum store_parameter)i, 0, 0);
    store_batch_free(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_become_three_arrays),
        cmocka_unit_test(nothing_is_three_empty_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
