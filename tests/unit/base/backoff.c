#include "base/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void ceilings_double_up_to_the_maximum(void **state)
{
    (void)state;
    struct backoff backoff = backoff_make(100, 1000);
    static const uint32_t ceilings[] = {100, 200, 400, 800, 1000, 1000, 1000};
    for (size_t i = 0; i < sizeof ceilings / sizeof ceilings[0]; i++) {
        struct backoff copy = backoff;
        assert_int_equal(backoff_next_ms(&copy, ceilings[i]), ceilings[i]);
        assert_int_equal(backoff_next_ms(&backoff, (uint64_t)ceilings[i] + 1), 0);
    }
}

static void a_success_starts_over(void **state)
{
    (void)state;
    struct backoff backoff = backoff_make(100, 1000);
    for (int i = 0; i < 40; i++)
        assert_in_range(backoff_next_ms(&backoff, UINT64_MAX), 0, 1000);
    backoff_reset(&backoff);
    assert_in_range(backoff_next_ms(&backoff, 100), 0, 100);
}

static void jitter_covers_the_whole_range(void **state)
{
    (void)state;
    struct backoff backoff = backoff_make(3, 3);
    bool seen[4] = {false};
    for (uint64_t random = 0; random < 16; random++)
        seen[backoff_next_ms(&backoff, random)] = true;
    for (int i = 0; i < 4; i++)
        assert_true(seen[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ceilings_double_up_to_the_maximum),
        cmocka_unit_test(a_success_starts_over),
        cmocka_unit_test(jitter_covers_the_whole_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
