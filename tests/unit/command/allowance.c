/* Many sweeps in a row, and then one in a while. */
#include "command/allowance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define START_US UINT64_C(86400000000)

static bool take(struct allowance *allowance, uint64_t now_us)
{
    if (allowance_next_us(allowance) > now_us)
        return false;
    allowance_take(allowance, now_us);
    return true;
}

static void so_many_in_a_row_and_no_more(void **state)
{
    (void)state;
    struct allowance allowance = {0};
    for (unsigned i = 0; i < ALLOWANCE_SWEEPS; i++)
        assert_true(take(&allowance, START_US));
    assert_false(take(&allowance, START_US));
    assert_int_equal(allowance_next_us(&allowance), START_US + ALLOWANCE_INTERVAL_US);
}

static void then_one_in_a_while(void **state)
{
    (void)state;
    struct allowance allowance = {0};
    unsigned taken = 0;
    for (uint64_t now_us = START_US; now_us < START_US + 1000 * (uint64_t)ALLOWANCE_INTERVAL_US; now_us += 100000)
        taken += take(&allowance, now_us);
    assert_int_equal(taken, ALLOWANCE_SWEEPS + 999);
}

static void rest_gives_all_of_it_back_and_no_more(void **state)
{
    (void)state;
    struct allowance allowance = {0};
    while (take(&allowance, START_US)) {
    }
    uint64_t later_us = START_US + 100 * (uint64_t)ALLOWANCE_SWEEPS * ALLOWANCE_INTERVAL_US;
    unsigned taken = 0;
    while (take(&allowance, later_us))
        taken++;
    assert_int_equal(taken, ALLOWANCE_SWEEPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_in_a_row_and_no_more),
        cmocka_unit_test(then_one_in_a_while),
        cmocka_unit_test(rest_gives_all_of_it_back_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
