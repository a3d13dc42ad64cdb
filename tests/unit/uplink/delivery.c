/* The window of batches on their way. */
#include "uplink/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECOND 1000000ull

static void send(struct delivery *delivery, uint32_t count, uint64_t now_us)
{
    for (uint32_t i = 0; i < count; i++)
        delivery_sent(delivery, delivery->sequence + 1, 7, (uint32_t)delivery->sequence, now_us);
}

static void test_the_window_fills_and_acks_open_it(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    send(&delivery, DELIVERY_WINDOW - 1, 0);
    assert_true(delivery_may_send(&delivery, 0));
    send(&delivery, 1, 0);
    assert_false(delivery_may_send(&delivery, 0));
    delivery_settled(&delivery, 8, 3);
    delivery_settled(&delivery, 7, DELIVERY_WINDOW);
    assert_false(delivery_may_send(&delivery, 0));
    delivery_settled(&delivery, 7, 3);
    delivery_settled(&delivery, 7, 3);
    assert_int_equal(delivery.count, DELIVERY_WINDOW - 1);
    assert_int_equal(delivery.flights[3].batch, 4);
    assert_int_equal(delivery.sequence, DELIVERY_WINDOW);
}

static void test_a_new_connection_begins_anew(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    send(&delivery, 3, 0);
    delivery_reset(&delivery);
    assert_int_equal(delivery.sequence, 0);
    assert_int_equal(delivery.count, 0);
}

static void test_a_hold_is_kept_also_over_a_new_connection(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    send(&delivery, 3, 0);
    delivery_hold(&delivery, SECOND, 5000);
    delivery_reset(&delivery);
    assert_int_equal(delivery.sequence, 0);
    assert_false(delivery_may_send(&delivery, 6 * SECOND - 1));
    assert_int_equal(delivery_wake_us(&delivery, SECOND), 6 * SECOND);
    assert_true(delivery_may_send(&delivery, 6 * SECOND));
    delivery_hold(&delivery, 0, UINT32_MAX);
    assert_true(delivery_may_send(&delivery, 3600 * SECOND));
}

static void test_an_overdue_ack_sends_again(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    assert_true(delivery_wake_us(&delivery, 0) == UINT64_MAX);
    send(&delivery, 1, SECOND);
    send(&delivery, 1, 30 * SECOND);
    assert_int_equal(delivery_wake_us(&delivery, 2 * SECOND), 61 * SECOND);
    assert_false(delivery_overdue(&delivery, 61 * SECOND - 1));
    delivery_settled(&delivery, 7, 0);
    assert_false(delivery_overdue(&delivery, 61 * SECOND));
    assert_true(delivery_overdue(&delivery, 90 * SECOND));
    assert_int_equal(delivery.sequence, 0);
    assert_false(delivery_overdue(&delivery, 1000 * SECOND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_window_fills_and_acks_open_it),
        cmocka_unit_test(test_a_new_connection_begins_anew),
        cmocka_unit_test(test_a_hold_is_kept_also_over_a_new_connection),
        cmocka_unit_test(test_an_overdue_ack_sends_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
