#include "sweep/connects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static struct connects *make(void)
{
    struct connects *connects = calloc(1, sizeof *connects);
    assert_non_null(connects);
    return connects;
}

static struct pending_connect *begin(struct connects *connects, uint16_t port, uint64_t due_us)
{
    struct pending_connect *pending = connects_room(connects);
    assert_non_null(pending);
    *pending = (struct pending_connect){.port = port, .used = true, .due_us = due_us};
    return pending;
}

static void there_is_room_for_as_many_as_a_server_bears(void **state)
{
    (void)state;
    struct connects *connects = make();
    assert_true(connects_empty(connects));
    for (uint16_t port = 1; port <= TURN_CONNECTS_MAX; port++)
        begin(connects, port, 1000);
    assert_null(connects_room(connects));
    assert_false(connects_empty(connects));
    assert_int_equal(connects_find(connects, TURN_CONNECTS_MAX)->port, TURN_CONNECTS_MAX);
    assert_null(connects_find(connects, TURN_CONNECTS_MAX + 1));
    free(connects);
}

static void deadlines_come_in_their_order(void **state)
{
    (void)state;
    struct connects *connects = make();
    assert_true(connects_wake_us(connects) == UINT64_MAX);
    begin(connects, 1, 3000);
    begin(connects, 2, 2000);
    assert_int_equal(connects_wake_us(connects), 2000);
    assert_null(connects_overdue(connects, 1999));
    struct pending_connect *overdue = connects_overdue(connects, 2000);
    assert_int_equal(overdue->port, 2);
    overdue->ended = true;
    assert_null(connects_overdue(connects, 2000));
    assert_int_equal(connects_wake_us(connects), 3000);
    assert_int_equal(connects_any(connects)->port, 1);
    free(connects);
}

static void what_has_ended_keeps_its_place_until_it_is_cleared(void **state)
{
    (void)state;
    uint16_t port = 0;
    struct connects *connects = make();
    begin(connects, 1, 1000)->ended = true;
    struct pending_connect *listening = begin(connects, 2, 1000);
    listening->ended = listening->listening = true;
    begin(connects, 3, 1000);
    assert_null(connects_find(connects, 1));
    assert_true(connects_clear(connects, &port));
    assert_int_equal(port, 2);
    assert_false(connects_clear(connects, &port));
    assert_false(connects_empty(connects));
    connects_find(connects, 3)->ended = true;
    assert_false(connects_clear(connects, &port));
    assert_true(connects_empty(connects));
    assert_null(connects_any(connects));
    free(connects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_room_for_as_many_as_a_server_bears),
        cmocka_unit_test(deadlines_come_in_their_order),
        cmocka_unit_test(what_has_ended_keeps_its_place_until_it_is_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
