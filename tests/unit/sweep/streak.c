#include "sweep/streak.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void no_streak_without_a_pass_before_it(void **state)
{
    (void)state;
    assert_false(streak_is_suspect(0, 2000, 2000));
    assert_false(streak_is_suspect(2000, 0, 0));
}

static void a_long_streak_after_several_passes_is_suspect(void **state)
{
    (void)state;
    assert_true(streak_is_suspect(9, 12, 12)); /* one layout in 293,930 */
    assert_true(streak_is_suspect(10, 1990, 1980));
    assert_true(streak_is_suspect(1000, 20, 20));
}

static void what_chance_does_every_day_is_not(void **state)
{
    (void)state;
    assert_false(streak_is_suspect(1, 1999, 1999)); /* one layout in 2,000 */
    assert_false(streak_is_suspect(11, 10, 4));
    assert_false(streak_is_suspect(1000, 1, 1));
    assert_false(streak_is_suspect(3, 3, 3)); /* one in 20 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_streak_without_a_pass_before_it),
        cmocka_unit_test(a_long_streak_after_several_passes_is_suspect),
        cmocka_unit_test(what_chance_does_every_day_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
