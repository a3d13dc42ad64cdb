#include "sweep/rto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void waits_longer_before_anything_is_measured(void **state)
{
    (void)state;
    struct rto rto = {0};
    assert_int_equal(rto_interval_us(&rto, 1), 250000);
    assert_int_equal(rto_interval_us(&rto, 2), 500000);
    assert_int_equal(rto_interval_us(&rto, 5), 1000000);
    assert_int_equal(rto_last_wait_us(&rto), 1000000);
}

static void follows_the_measured_rtt(void **state)
{
    (void)state;
    struct rto rto = {0};
    for (int i = 0; i < 50; i++)
        rto_sample(&rto, 200000);
    assert_in_range(rto_interval_us(&rto, 1), 200000, 201000);
    assert_in_range(rto_last_wait_us(&rto), 600000, 601000);
}

static void grows_hardly_and_within_bounds(void **state)
{
    (void)state;
    struct rto rto = {0};
    for (int i = 0; i < 50; i++)
        rto_sample(&rto, 300);
    assert_int_equal(rto_interval_us(&rto, 1), 36000);
    assert_int_equal(rto_interval_us(&rto, 12), 72000);
    assert_in_range(rto_last_wait_us(&rto), 80000, 90000);
    for (int i = 0; i < 50; i++)
        rto_sample(&rto, 5000000);
    assert_int_equal(rto_interval_us(&rto, 12), 1000000);
    assert_int_equal(rto_last_wait_us(&rto), 3000000);
}

static void jitter_widens_the_interval(void **state)
{
    (void)state;
    struct rto rto = {0};
    for (int i = 0; i < 100; i++)
        rto_sample(&rto, i % 2 == 0 ? 50000 : 150000);
    assert_true(rto_interval_us(&rto, 1) > 250000);
}

static void a_queue_makes_the_server_no_farther(void **state)
{
    (void)state;
    struct rto near = {0}, queued = {0};
    rto_sample(&near, 300);
    rto_sample(&queued, 300);
    for (int i = 0; i < 100; i++)
        rto_sample(&queued, 5000);
    assert_int_equal(rto_interval_us(&queued, 1), rto_interval_us(&near, 1));
    assert_int_equal(rto_last_wait_us(&queued), rto_last_wait_us(&near));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_longer_before_anything_is_measured), cmocka_unit_test(follows_the_measured_rtt),
        cmocka_unit_test(grows_hardly_and_within_bounds),           cmocka_unit_test(jitter_widens_the_interval),
        cmocka_unit_test(a_queue_makes_the_server_no_farther),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
