#include "gateway/admission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FRAME_BYTES 4488 /* weighs 10,000 with its overhead */

static void take(struct admission *admission, int count)
{
    for (int i = 0; i < count; i++)
        assert_true(admission_take(admission, FRAME_BYTES));
}

static void closes_at_80_and_opens_at_60_percent(void **state)
{
    (void)state;
    struct admission admission = admission_make(100000);
    take(&admission, 7);
    assert_false(admission.closed);
    take(&admission, 1);
    assert_true(admission.closed);
    admission_give_back(&admission, FRAME_BYTES);
    assert_true(admission.closed);
    admission_give_back(&admission, FRAME_BYTES);
    assert_false(admission.closed);
}

static void takes_nothing_while_it_is_closed(void **state)
{
    (void)state;
    struct admission admission = admission_make(100000);
    take(&admission, 8);
    assert_false(admission_take(&admission, FRAME_BYTES));
    assert_int_equal(admission.out, 8);
    admission_give_back(&admission, FRAME_BYTES);
    assert_false(admission_take(&admission, FRAME_BYTES));
    admission_give_back(&admission, FRAME_BYTES);
    assert_true(admission_take(&admission, FRAME_BYTES));
}

static void takes_nothing_beyond_the_limit(void **state)
{
    (void)state;
    struct admission admission = admission_make(100000);
    take(&admission, 7);
    assert_false(admission_take(&admission, 4 * FRAME_BYTES));
    assert_int_equal(admission.out, 7);
    assert_true(admission_take(&admission, FRAME_BYTES));
}

static void comes_back_to_nothing(void **state)
{
    (void)state;
    struct admission admission = admission_make(1 << 20);
    for (size_t len = 0; len < 100; len++)
        assert_true(admission_take(&admission, len));
    for (size_t len = 0; len < 100; len++)
        admission_give_back(&admission, len);
    assert_int_equal(admission.out, 0);
    assert_int_equal(admission.out_bytes, 0);
    assert_false(admission.closed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closes_at_80_and_opens_at_60_percent),
        cmocka_unit_test(takes_nothing_while_it_is_closed),
        cmocka_unit_test(takes_nothing_beyond_the_limit),
        cmocka_unit_test(comes_back_to_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
