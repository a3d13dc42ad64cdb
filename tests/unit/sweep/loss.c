#include "sweep/loss.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static unsigned sends_at(uint32_t delivered, uint32_t lost)
{
    struct loss loss = {0};
    loss_count(&loss, delivered, lost);
    return loss_sends_needed(&loss);
}

static void three_sends_when_none_is_lost(void **state)
{
    (void)state;
    assert_int_equal(sends_at(8, 0), 3);
    assert_int_equal(sends_at(1000, 0), 3);
}

static void a_few_more_while_little_is_known(void **state)
{
    (void)state;
    assert_int_equal(sends_at(0, 0), 5);
    assert_int_equal(sends_at(7, 0), 5);
}

/* 20 % each way is 36 % of the round trips. */
static void ten_sends_at_twenty_percent_each_way(void **state)
{
    (void)state;
    assert_int_equal(sends_at(640, 360), 10);
}

static void too_much_for_twelve_sends(void **state)
{
    (void)state;
    struct loss bad = {0}, bearable = {0};
    loss_count(&bad, 500, 500);
    loss_count(&bearable, 640, 360);
    assert_true(loss_too_high(&bad));
    assert_int_equal(loss_sends_needed(&bad), LOSS_SENDS_MAX);
    assert_false(loss_too_high(&bearable));
}

static void old_loss_fades(void **state)
{
    (void)state;
    struct loss loss = {0};
    loss_count(&loss, 640, 360);
    for (int i = 0; i < 40; i++)
        loss_count(&loss, 1000, 0);
    assert_in_range(loss_sends_needed(&loss), 3, 4);
}

static void the_worse_way_counts(void **state)
{
    (void)state;
    struct loss clean = {.delivered = 100}, bad = {.delivered = 100, .lost = 50}, few = {.delivered = 1, .lost = 1};
    assert_int_equal(loss_worse(&clean, &clean).lost, 0);
    struct loss worse = loss_worse(&clean, &bad);
    assert_in_range(loss_sends_needed(&worse), 8, 10);
    worse = loss_worse(&bad, &clean);
    assert_int_equal(worse.lost, 50);
    worse = loss_worse(&clean, &few);
    assert_in_range(loss_sends_needed(&worse), 4, 7); /* one lost packet of two is no loss of a half */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_sends_when_none_is_lost),
        cmocka_unit_test(a_few_more_while_little_is_known),
        cmocka_unit_test(ten_sends_at_twenty_percent_each_way),
        cmocka_unit_test(too_much_for_twelve_sends),
        cmocka_unit_test(old_loss_fades),
        cmocka_unit_test(the_worse_way_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
