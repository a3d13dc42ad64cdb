#include "base/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_US UINT64_C(60000000)

static int allowed(struct limiter *limiter, const char *source, uint64_t now_us, int asked)
{
    int count = 0;
    for (int i = 0; i < asked; i++)
        count += limiter_allows(limiter, source, now_us);
    return count;
}

static void a_source_has_its_share(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 6, 100, 1, 0);
    assert_int_equal(allowed(&limiter, "192.0.2.1", 1, 50), 6);
    assert_int_equal(allowed(&limiter, "192.0.2.2", 1, 50), 6);
}

static void all_sources_share_the_total(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 6, 10, 1, 0);
    assert_int_equal(allowed(&limiter, "192.0.2.1", 1, 6), 6);
    assert_int_equal(allowed(&limiter, "192.0.2.2", 1, 6), 4);
}

static void time_fills_it_again(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 6, 100, 1, 0);
    (void)allowed(&limiter, "192.0.2.1", 0, 6);
    assert_int_equal(allowed(&limiter, "192.0.2.1", MINUTE_US / 6 - 1, 9), 0);
    assert_int_equal(allowed(&limiter, "192.0.2.1", MINUTE_US / 6, 9), 1);
    assert_int_equal(allowed(&limiter, "192.0.2.1", 1000u * MINUTE_US, 9), 6);
}

static void asking_all_the_time_gains_nothing(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 6, 100, 1, 0);
    int count = 0;
    for (uint64_t now_us = 0; now_us < MINUTE_US; now_us += 1000)
        count += limiter_allows(&limiter, "192.0.2.1", now_us);
    assert_in_range(count, 11, 12); /* what it began with, and what flowed in */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_has_its_share),
        cmocka_unit_test(all_sources_share_the_total),
        cmocka_unit_test(time_fills_it_again),
        cmocka_unit_test(asking_all_the_time_gains_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
