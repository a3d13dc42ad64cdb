#include "base/bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE_US UINT64_C(60000000)

static void it_holds_a_minutes_worth(void **state)
{
    (void)state;
    struct bucket bucket = bucket_make(60, 0);
    assert_true(bucket_holds(&bucket, 60, 60, 0));
    assert_false(bucket_holds(&bucket, 60, 61, 0));
    bucket_spend(&bucket, 60);
    assert_false(bucket_holds(&bucket, 60, 1, MINUTE_US / 60 - 1));
    assert_true(bucket_holds(&bucket, 60, 1, MINUTE_US / 60));
}

static void it_never_overflows(void **state)
{
    (void)state;
    struct bucket bucket = bucket_make(60, 0);
    assert_false(bucket_holds(&bucket, 60, 61, 1000 * MINUTE_US));
    assert_false(bucket_holds(&bucket, 60, 61, 1000 * MINUTE_US + MINUTE_US / 2));
    assert_false(bucket_holds(&bucket, 60, UINT32_MAX, 2000 * MINUTE_US));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_a_minutes_worth),
        cmocka_unit_test(it_never_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
