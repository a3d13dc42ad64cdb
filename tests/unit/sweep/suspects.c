#include "sweep/suspects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define GAP_US 2000

static struct suspects *begin(void)
{
    struct suspects *suspects = suspects_create(8);
    assert_non_null(suspects);
    suspects_begin(suspects, 1000);
    return suspects;
}

static void a_failure_is_believed_after_a_later_proof(void **state)
{
    (void)state;
    struct suspects *suspects = begin();
    uint32_t index = 0;
    suspects_add(suspects, 3, 1100, 1500, true);
    suspects_prove_second(suspects, 1400, GAP_US);
    assert_false(suspects_take_proven(suspects, &index));
    suspects_prove_second(suspects, 1600, GAP_US);
    assert_false(suspects_take_gap(suspects, &index));
    assert_true(suspects_take_proven(suspects, &index));
    assert_int_equal(index, 3);
    assert_int_equal(suspects_count(suspects), 0);
    suspects_destroy(suspects);
}

static void the_first_address_proves_nothing_about_the_second(void **state)
{
    (void)state;
    struct suspects *suspects = begin();
    uint32_t index = 0;
    suspects_add(suspects, 1, 1100, 1500, true);
    suspects_add(suspects, 2, 1100, 1500, false);
    suspects_prove_first(suspects, 1600, GAP_US);
    assert_true(suspects_take_proven(suspects, &index));
    assert_int_equal(index, 2);
    assert_false(suspects_take_proven(suspects, &index));
    assert_true(suspects_any(suspects, true));
    assert_int_equal(suspects_proven_us(suspects, true), 1000);
    assert_int_equal(suspects_proven_us(suspects, false), 1600);
    suspects_destroy(suspects);
}

static void what_failed_in_a_gap_is_tested_again(void **state)
{
    (void)state;
    struct suspects *suspects = begin();
    uint32_t index = 0;
    suspects_add(suspects, 5, 1100, 1500, true);
    suspects_prove_second(suspects, 9000, GAP_US);
    assert_true(suspects_take_gap(suspects, &index));
    assert_int_equal(index, 5);
    suspects_add(suspects, 6, 8900, 9100, true); /* it began while nothing came through */
    assert_true(suspects_take_gap(suspects, &index));
    assert_int_equal(index, 6);
    suspects_destroy(suspects);
}

static void a_time_with_a_gap_in_it_is_not_proven_through(void **state)
{
    (void)state;
    struct suspects *suspects = begin();
    suspects_prove_second(suspects, 1600, GAP_US);
    assert_true(suspects_proven_through(suspects, 1100, 1600));
    assert_false(suspects_proven_through(suspects, 1100, 1700));
    suspects_break(suspects, true);
    suspects_prove_second(suspects, 1800, GAP_US);
    assert_false(suspects_proven_through(suspects, 1100, 1600));
    assert_true(suspects_proven_through(suspects, 1800, 1800));
    suspects_destroy(suspects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_believed_after_a_later_proof),
        cmocka_unit_test(the_first_address_proves_nothing_about_the_second),
        cmocka_unit_test(what_failed_in_a_gap_is_tested_again),
        cmocka_unit_test(a_time_with_a_gap_in_it_is_not_proven_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
