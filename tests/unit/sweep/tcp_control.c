#include "sweep/tcp_control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW_US UINT64_C(1000000)
#define MINUTE_US UINT64_C(60000000)

static const struct plan plan = {.family = 4, .seed = 7, .user = "1700000000:pbx", .password = "secret"};
static const struct address server = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}};
static const struct turn_event allocation = {.kind = TURN_ALLOCATED,
                                             .address = {.family = 4, .port = 50000, .ip = {203, 0, 113, 11}},
                                             .mapped = {.family = 4, .port = 41000, .ip = {198, 51, 100, 2}}};

static void expect_actions(struct tcp_control *control, const enum tcp_action_kind *kinds, size_t count)
{
    struct tcp_action action;
    for (size_t i = 0; i < count; i++) {
        assert_true(tcp_control_next(control, NOW_US, &action));
        assert_int_equal(action.kind, kinds[i]);
        if (kinds[i] == TCP_CONTROL_OPEN)
            assert_true(address_equal(&action.address, &server));
    }
    assert_false(tcp_control_next(control, NOW_US, &action));
}

static struct tcp_control opened(void)
{
    static const enum tcp_action_kind open[] = {TCP_CONTROL_OPEN}, send[] = {TCP_CONTROL_SEND};
    struct tcp_control control;
    tcp_control_open(&control, &server, NOW_US);
    expect_actions(&control, open, ARRAY_LEN(open));
    assert_int_equal(tcp_control_opened(&control, &plan), 0);
    expect_actions(&control, send, ARRAY_LEN(send)); /* Allocate */
    return control;
}

static void it_is_opened_and_allocates(void **state)
{
    (void)state;
    struct tcp_control control = opened();
    assert_true(control.reached);
    assert_true(tcp_control_never_allocated(&control));
    tcp_control_allocated(&control, &allocation);
    assert_int_equal(control.state, CONTROL_READY);
    assert_true(address_equal(&control.relayed, &allocation.address));
    assert_true(address_equal(&control.own, &allocation.mapped));
    assert_false(tcp_control_never_allocated(&control));
    tcp_control_free(&control);
}

static void connection_and_allocation_have_one_deadline(void **state)
{
    (void)state;
    struct tcp_control control = opened();
    uint64_t due_us = tcp_control_wake_us(&control);
    assert_in_range(due_us, NOW_US + 1, NOW_US + MINUTE_US);
    assert_false(tcp_control_overdue(&control, due_us - 1));
    assert_true(tcp_control_overdue(&control, due_us));
    tcp_control_allocated(&control, &allocation);
    assert_false(tcp_control_overdue(&control, due_us));
    tcp_control_free(&control);
}

static void a_server_that_drops_it_is_tried_a_few_times(void **state)
{
    (void)state;
    static const enum tcp_action_kind again[] = {TCP_CONTROL_CLOSE, TCP_CONTROL_OPEN};
    struct tcp_control control = opened();
    unsigned openings = 1;
    while (tcp_control_open_again(&control, NOW_US)) {
        expect_actions(&control, again, ARRAY_LEN(again));
        assert_int_equal(tcp_control_opened(&control, &plan), 0);
        assert_false(tcp_control_never_allocated(&control)); /* dropped, not refused */
        assert_true(++openings < 10);
        struct tcp_action action;
        assert_true(tcp_control_next(&control, NOW_US, &action));
    }
    assert_int_equal(openings, 3);
    tcp_control_free(&control);
}

static void another_allocation_may_be_dropped_too(void **state)
{
    (void)state;
    struct tcp_control control = opened();
    while (tcp_control_open_again(&control, NOW_US))
        assert_int_equal(tcp_control_opened(&control, &plan), 0);
    tcp_control_open_anew(&control, NOW_US);
    assert_true(tcp_control_open_again(&control, NOW_US));
    tcp_control_free(&control);
}

static void closing_it_is_the_last_action(void **state)
{
    (void)state;
    static const enum tcp_action_kind close[] = {TCP_CONTROL_CLOSE};
    struct tcp_control control;
    tcp_control_open(&control, &server, NOW_US);
    tcp_control_close(&control);
    expect_actions(&control, close, ARRAY_LEN(close)); /* and not opened first */
    tcp_control_close(&control);
    expect_actions(&control, close, 0);
    assert_true(tcp_control_wake_us(&control) == UINT64_MAX);
    tcp_control_free(&control);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_opened_and_allocates),
        cmocka_unit_test(connection_and_allocation_have_one_deadline),
        cmocka_unit_test(a_server_that_drops_it_is_tried_a_few_times),
        cmocka_unit_test(another_allocation_may_be_dropped_too),
        cmocka_unit_test(closing_it_is_the_last_action),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
