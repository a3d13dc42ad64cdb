#include "sweep/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW_US 1000000u

static void a_silent_server_gets_a_handful_of_packets(void **state)
{
    (void)state;
    struct path path = path_make(1000);
    unsigned sent = 0;
    for (uint64_t now_us = NOW_US; now_us < 10 * NOW_US; now_us += 1000)
        sent += path_take(&path, now_us);
    assert_int_equal(sent, CONSENT_PACKETS_MAX);
    assert_false(path_ready(&path, 10 * NOW_US));
    assert_true(path_wake_us(&path, 10 * NOW_US) == UINT64_MAX);
    path_round_trip(&path, 10 * NOW_US, 5000, 0, PATH_FIRST);
    assert_true(path_ready(&path, 10 * NOW_US));
}

static void the_pace_holds_packets_back(void **state)
{
    (void)state;
    struct path path = path_make(100);
    unsigned sent = 0;
    while (path_take(&path, NOW_US))
        sent++;
    assert_in_range(sent, 1, 2);
    assert_in_range(path_wake_us(&path, NOW_US), NOW_US + 1, NOW_US + 20000);
    assert_true(path_take(&path, path_wake_us(&path, NOW_US)));
}

/* A witness that nobody answers may mean loss or a server that has gone: the next answer tells. */
static void silence_is_loss_once_the_server_is_heard_again(void **state)
{
    (void)state;
    struct path path = path_make(0);
    path_round_trip(&path, NOW_US, 5000, 0, PATH_FIRST);
    path_silent(&path, 3);
    assert_int_equal(path_loss(&path).lost, 0);
    path_round_trip(&path, 2 * NOW_US, 5000, 1, PATH_FIRST);
    assert_int_equal(path_loss(&path).lost, 4);
}

static void loss_on_the_way_from_the_second_address_demands_more_sends(void **state)
{
    (void)state;
    struct path path = path_make(0);
    for (unsigned i = 0; i < 100; i++)
        path_round_trip(&path, NOW_US, 5000, 0, PATH_FIRST);
    assert_int_equal(path_sends_needed(&path), LOSS_SENDS_MIN);
    for (unsigned i = 0; i < 100; i++)
        path_round_trip(&path, NOW_US, 5000, 1, PATH_BOTH);
    assert_true(path_sends_needed(&path) > LOSS_SENDS_FEW);
}

static void another_server_is_measured_anew_at_the_same_pace(void **state)
{
    (void)state;
    struct path path = path_make(0);
    path_round_trip(&path, NOW_US, 5000, 2, PATH_FIRST);
    pacer_slow_down(&path.pacer);
    uint64_t interval_ns = path.pacer.interval_ns;
    path_change_server(&path);
    assert_int_equal(path.pacer.interval_ns, interval_ns);
    assert_int_equal(path.rto.samples, 0);
    assert_int_equal(path_loss(&path).lost, 0);
    assert_false(path.consent.given);
}

static void the_last_send_is_waited_for_longest(void **state)
{
    (void)state;
    struct path path = path_make(0);
    for (unsigned i = 0; i < 10; i++)
        path_round_trip(&path, NOW_US, 5000, 0, PATH_FIRST);
    assert_true(path_wait_us(&path, 3, true, PATH_FIRST) > path_wait_us(&path, 3, false, PATH_FIRST));
}

static void neither_address_is_hurried_by_the_other(void **state)
{
    (void)state;
    struct path path = path_make(0);
    for (unsigned i = 0; i < 10; i++)
        path_round_trip(&path, NOW_US, 500, 0, PATH_FIRST);
    assert_in_range(path_wait_us(&path, 1, false, PATH_FIRST), 1, 100000);
    for (unsigned i = 0; i < 10; i++)
        path_round_trip(&path, NOW_US, 300000, 0, PATH_BOTH);
    assert_in_range(path_wait_us(&path, 1, false, PATH_FIRST), 1, 100000);
    assert_in_range(path_wait_us(&path, 1, false, PATH_BOTH), 300000, 400000);
    for (unsigned i = 0; i < 30; i++)
        path_round_trip(&path, NOW_US, 800000, 0, PATH_FIRST);
    assert_in_range(path_wait_us(&path, 1, false, PATH_BOTH), 800000, 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_server_gets_a_handful_of_packets),
        cmocka_unit_test(the_pace_holds_packets_back),
        cmocka_unit_test(silence_is_loss_once_the_server_is_heard_again),
        cmocka_unit_test(loss_on_the_way_from_the_second_address_demands_more_sends),
        cmocka_unit_test(another_server_is_measured_anew_at_the_same_pace),
        cmocka_unit_test(the_last_send_is_waited_for_longest),
        cmocka_unit_test(neither_address_is_hurried_by_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
