#include "sweep/pacer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint32_t sent_within(struct pacer *pacer, uint64_t from_us, uint64_t until_us, uint64_t step_us)
{
    uint32_t sent = 0;
    for (uint64_t now_us = from_us; now_us < until_us; now_us += step_us)
        while (pacer_take(pacer, now_us))
            sent++;
    return sent;
}

static void keeps_the_pace(void **state)
{
    (void)state;
    struct pacer pacer = pacer_make(400);
    assert_in_range(sent_within(&pacer, 1000000, 2000000, 100), 400, 402);
}

static void saves_nothing_up_for_a_burst(void **state)
{
    (void)state;
    struct pacer pacer = pacer_make(1000);
    assert_true(pacer_take(&pacer, 1000000));
    assert_in_range(sent_within(&pacer, 60000000, 60000001, 1), 1, 3);
}

static void wakes_when_the_next_may_go(void **state)
{
    (void)state;
    struct pacer pacer = pacer_make(100);
    uint64_t now_us = 5000000;
    while (pacer_take(&pacer, now_us))
        continue;
    assert_false(pacer_ready(&pacer, now_us));
    assert_true(pacer_wake_us(&pacer) > now_us);
    assert_true(pacer_ready(&pacer, pacer_wake_us(&pacer)));
}

static void unpaced_is_no_flood(void **state)
{
    (void)state;
    struct pacer pacer = pacer_make(0);
    assert_in_range(sent_within(&pacer, 1000000, 1100000, 50), 4500, 5200);
}

static void unpaced_gives_way_to_a_queue_and_recovers(void **state)
{
    (void)state;
    struct pacer pacer = pacer_make(0), paced = pacer_make(400);
    pacer_round_trip(&pacer, 1000000, 300);
    for (uint64_t now_us = 1100000; now_us < 1500000; now_us += 50000)
        pacer_round_trip(&pacer, now_us, 40000);
    assert_in_range(sent_within(&pacer, 1500000, 1600000, 50), 100, 500);
    for (uint64_t now_us = 1600000; now_us < 2000000; now_us += 5000)
        pacer_round_trip(&pacer, now_us, 300);
    assert_in_range(sent_within(&pacer, 2000000, 2100000, 50), 4500, 5200);
    pacer_round_trip(&paced, 1000000, 300);
    pacer_round_trip(&paced, 1100000, 900000);
    assert_in_range(sent_within(&paced, 2000000, 2100000, 50), 40, 42); /* a pace is what was asked for */
}

static void slows_down_by_half(void **state)
{
    (void)state;
    struct pacer pacer = pacer_make(400);
    pacer_slow_down(&pacer);
    assert_in_range(sent_within(&pacer, 1000000, 2000000, 100), 200, 202);
    for (int i = 0; i < 20; i++)
        pacer_slow_down(&pacer);
    assert_in_range(sent_within(&pacer, 3000000, 13000000, 1000), 50, 110);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_pace),
        cmocka_unit_test(saves_nothing_up_for_a_burst),
        cmocka_unit_test(wakes_when_the_next_may_go),
        cmocka_unit_test(unpaced_is_no_flood),
        cmocka_unit_test(unpaced_gives_way_to_a_queue_and_recovers),
        cmocka_unit_test(slows_down_by_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
