#include "sweep/timers.h"
#include "sweep/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define TIMERS 500

static void expires_in_order_whatever_was_moved_or_cancelled(void **state)
{
    (void)state;
    struct timers *timers = timers_create(TIMERS);
    uint64_t due[TIMERS];
    struct chance chance = {3};
    assert_non_null(timers);
    for (uint32_t i = 0; i < 5 * TIMERS; i++) {
        due[i % TIMERS] = chance_u64(&chance) % 10000;
        timers_set(timers, i % TIMERS, due[i % TIMERS]);
    }
    for (uint32_t i = 0; i < TIMERS; i += 3)
        timers_cancel(timers, i);
    uint64_t last_us = 0;
    uint32_t number = 0, expired = 0;
    while (timers_expire(timers, UINT64_MAX - 1, &number)) {
        assert_int_not_equal(number % 3, 0);
        assert_true(due[number] >= last_us);
        last_us = due[number];
        expired++;
    }
    assert_int_equal(expired, TIMERS - (TIMERS + 2) / 3);
    assert_true(timers_next_us(timers) == UINT64_MAX);
    timers_destroy(timers);
}

static void nothing_expires_early(void **state)
{
    (void)state;
    struct timers *timers = timers_create(4);
    uint32_t number = 0;
    assert_non_null(timers);
    timers_set(timers, 2, 100);
    assert_int_equal(timers_next_us(timers), 100);
    assert_false(timers_expire(timers, 99, &number));
    assert_true(timers_expire(timers, 100, &number));
    assert_int_equal(number, 2);
    timers_cancel(timers, 2); /* not set any more: nothing happens */
    timers_destroy(timers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expires_in_order_whatever_was_moved_or_cancelled),
        cmocka_unit_test(nothing_expires_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
