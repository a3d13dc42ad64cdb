#include "store/evidence.h"

#include "sample/report_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static size_t bytes_of(enum report_sample_kind kind, bool *written)
{
    const struct port_result *ports[100];
    struct pg_binary out = {0};
    struct report *report = report_sample(kind, "9000-9099/udp", 1);
    for (size_t i = 0; i < 100; i++)
        ports[i] = &report->ports[i];
    *written = evidence_write(&out, 1, 0, ports, 100);
    size_t len = out.len;
    assert_false(out.failed);
    pg_binary_free(&out);
    report_free(report);
    return len;
}

/* What tests/db reads back from a real database is here only weighed. */
static void two_bytes_a_round_trip_time(void **state)
{
    (void)state;
    bool written;
    size_t len = bytes_of(SAMPLE_SUPPORTED, &written);
    assert_true(written);
    assert_in_range(len, 200, 400);
    size_t symmetric = bytes_of(SAMPLE_SYMMETRIC, &written);
    assert_in_range(symmetric, len + 200, len + 210); /* and two a mapped port */
}

static void nothing_measured_nothing_written(void **state)
{
    (void)state;
    bool written;
    assert_int_equal(bytes_of(SAMPLE_NOT_TESTED, &written), 0);
    assert_false(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_bytes_a_round_trip_time),
        cmocka_unit_test(nothing_measured_nothing_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
