/* The session through every state, with time and chance made up here. */
#include "uplink/session.h"

#include "base/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MS 1000u

static const struct session_settings settings = {
    .endpoints = 3, .keys = 2, .heartbeat_ms = 30000, .answer_ms = 9000, .retry_ms = 1000, .retry_max_ms = 8000};

/* Lets time run until the next event it brings. */
static enum session_action pass_time(struct session *session, uint64_t *now_us)
{
    enum session_event event;
    assert_false(*now_us < session_wake_us(session) && session_due(session, *now_us, &event));
    if (session_wake_us(session) > *now_us)
        *now_us = session_wake_us(session);
    assert_true(session_due(session, *now_us, &event));
    return session_handle(session, event, *now_us, 0);
}

static struct session connecting(uint64_t *now_us)
{
    struct session session = session_make(&settings, *now_us, 0);
    assert_int_equal(pass_time(&session, now_us), SESSION_CONNECT);
    return session;
}

static struct session online(uint64_t *now_us)
{
    struct session session = connecting(now_us);
    assert_int_equal(session_handle(&session, SESSION_CONNECTED, *now_us, 0), SESSION_GREET);
    assert_int_equal(session_handle(&session, SESSION_WELCOME, *now_us, 0), SESSION_SERVE);
    return session;
}

static void test_first_attempt_is_at_a_random_time_and_place(void **state)
{
    (void)state;
    struct session a = session_make(&settings, 5000, 0), b = session_make(&settings, 5000, (1ULL << 32) + 999);
    assert_int_equal(session_wake_us(&a), 5000);
    assert_int_equal(session_wake_us(&b), 5000 + 999 * MS);
    assert_int_equal(a.endpoint, 0);
    assert_int_equal(b.endpoint, 1);
}

static void test_greeting_leads_to_online_and_heartbeats(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = online(&now_us);
    assert_int_equal(session.state, SESSION_ONLINE);
    uint64_t start_us = now_us;
    for (uint64_t beat = 1; beat <= 10; beat++) {
        assert_int_equal(pass_time(&session, &now_us), SESSION_HEARTBEAT);
        assert_int_equal(now_us - start_us, beat * 30000ull * MS);
        session_heard(&session, now_us); /* any traffic counts */
    }
    assert_int_equal(session.state, SESSION_ONLINE);
}

static void test_a_process_that_slept_begins_anew(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = online(&now_us);
    assert_int_equal(pass_time(&session, &now_us), SESSION_HEARTBEAT);
    uint64_t window_us = SESSION_MISSES * 30000ull * MS;
    assert_false(session_slept(&session, now_us + window_us - 1));
    assert_true(session_slept(&session, now_us + window_us));
    assert_int_equal(session_handle(&session, SESSION_SLEPT, now_us + window_us, 0), SESSION_HANG_UP);
    assert_int_equal(session.state, SESSION_WAITING);
    assert_false(session_slept(&session, now_us + 2 * window_us));
}

static void test_silence_for_four_beats_means_dead(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = online(&now_us);
    size_t was = session.endpoint;
    for (int beat = 1; beat < SESSION_MISSES; beat++)
        assert_int_equal(pass_time(&session, &now_us), SESSION_HEARTBEAT);
    assert_int_equal(pass_time(&session, &now_us), SESSION_HANG_UP);
    assert_int_equal(now_us, 4 * 30000ull * MS);
    assert_int_equal(session.state, SESSION_WAITING);
    assert_int_not_equal(session.endpoint, was);
    assert_non_null(strstr(session.why, "silent"));
}

static void test_the_collector_sets_the_heartbeat_within_reason(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = online(&now_us);
    session_obey(&session, 5000, 0);
    assert_int_equal(pass_time(&session, &now_us), SESSION_HEARTBEAT);
    assert_int_equal(now_us, 5000ull * MS);
    session_obey(&session, 1, 0); /* would be a flood */
    assert_int_equal(session.heartbeat_ms, 5000);
    session_obey(&session, 0, 0);
    assert_int_equal(session.heartbeat_ms, 5000);
}

static void test_failures_back_off_and_move_on(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = connecting(&now_us);
    const uint64_t ceilings_ms[] = {1000, 2000, 4000, 8000, 8000};
    for (size_t i = 0; i < ARRAY_LEN(ceilings_ms); i++) {
        size_t was = session.endpoint;
        uint64_t random = ceilings_ms[i]; /* the longest wait there is */
        assert_int_equal(session_handle(&session, SESSION_UNREACHABLE, now_us, random), SESSION_HANG_UP);
        assert_int_equal(session_wake_us(&session) - now_us, ceilings_ms[i] * MS);
        assert_int_equal(session.endpoint, (was + 1) % 3);
        assert_int_equal(pass_time(&session, &now_us), SESSION_CONNECT);
    }
    session_handle(&session, SESSION_CONNECTED, now_us, 0);
    session_handle(&session, SESSION_WELCOME, now_us, 0);
    session_handle(&session, SESSION_CLOSED, now_us, 1000);
    assert_int_equal(session_wake_us(&session) - now_us, 1000 * MS); /* a welcome forgives */
}

static void test_a_wrong_key_tries_the_next_key_first(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = connecting(&now_us);
    session_handle(&session, SESSION_WRONG_KEY, now_us, 0);
    assert_true(session.endpoint == 0 && session.key == 1);
    assert_non_null(strstr(session.why, "public key"));
    pass_time(&session, &now_us);
    session_handle(&session, SESSION_WRONG_KEY, now_us, 0);
    assert_true(session.endpoint == 1 && session.key == 1); /* its own key first */
    pass_time(&session, &now_us);
    session_handle(&session, SESSION_NOT_ADMITTED, now_us, 0);
    assert_true(session.endpoint == 2 && session.key == 0);
    assert_non_null(strstr(session.why, "not enrolled"));
}

static void test_every_key_is_tried_at_an_endpoint(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = session_make(&settings, 0, 1ULL << 32);
    for (size_t tried = 0; tried < settings.keys; tried++) {
        assert_int_equal(session.endpoint, 1);
        assert_int_equal(session.key, (1 + tried) % settings.keys);
        assert_int_equal(pass_time(&session, &now_us), SESSION_CONNECT);
        session_handle(&session, SESSION_WRONG_KEY, now_us, 0);
    }
    assert_int_equal(session.endpoint, 2);
}

static void test_a_new_list_keeps_what_is_in_use(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = online(&now_us);
    session_relist(&session, 5, 7, 4, 6);
    assert_int_equal(session.state, SESSION_ONLINE);
    assert_true(session.endpoint == 4 && session.key == 6);
    session_handle(&session, SESSION_CLOSED, now_us, 0);
    assert_true(session.endpoint == 0 && session.key == 0);
    session_relist(&session, 2, 2, SIZE_MAX, SIZE_MAX);
    assert_true(session.endpoint == 0 && session.key == 0);
}

static void test_an_attempt_has_one_patience_for_connection_and_welcome(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = connecting(&now_us);
    now_us = 8000ull * MS;
    session_handle(&session, SESSION_CONNECTED, now_us, 0);
    assert_int_equal(pass_time(&session, &now_us), SESSION_HANG_UP);
    assert_int_equal(now_us, 9000 * MS);
    assert_non_null(strstr(session.why, "hello"));
}

static void test_put_off_waits_as_asked_and_turned_away_waits_long(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = connecting(&now_us);
    session_handle(&session, SESSION_CONNECTED, now_us, 0);
    session_obey(&session, 0, 5000);
    assert_int_equal(session_handle(&session, SESSION_PUT_OFF, now_us, 7), SESSION_HANG_UP);
    assert_int_equal(session_wake_us(&session), 5007 * MS);
    pass_time(&session, &now_us);
    session_handle(&session, SESSION_CONNECTED, now_us, 0);
    session_handle(&session, SESSION_TURNED_AWAY, now_us, 9);
    assert_int_equal(session_wake_us(&session) - now_us, (8000 + 9) * MS);
    session_obey(&session, 0, UINT32_MAX); /* no collector sends an agent away for a month */
    assert_int_equal(session.hint_ms, 8000);
}

static void test_events_of_another_state_change_nothing(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = session_make(&settings, now_us, 0);
    assert_int_equal(session_handle(&session, SESSION_WELCOME, now_us, 0), SESSION_NOTHING);
    assert_int_equal(session_handle(&session, SESSION_CLOSED, now_us, 0), SESSION_NOTHING);
    assert_int_equal(session.state, SESSION_WAITING);
    session = connecting(&now_us);
    assert_int_equal(session_handle(&session, SESSION_WELCOME, now_us, 0), SESSION_NOTHING);
    assert_int_equal(session.state, SESSION_CONNECTING);
}

static void test_stop_is_final(void **state)
{
    (void)state;
    uint64_t now_us = 0;
    struct session session = online(&now_us);
    assert_int_equal(session_handle(&session, SESSION_STOP, now_us, 0), SESSION_HANG_UP);
    assert_true(session_wake_us(&session) == UINT64_MAX);
    enum session_event event;
    assert_false(session_due(&session, UINT64_MAX - 1, &event));
    assert_int_equal(session_handle(&session, SESSION_DUE, now_us, 0), SESSION_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_attempt_is_at_a_random_time_and_place),
        cmocka_unit_test(test_greeting_leads_to_online_and_heartbeats),
        cmocka_unit_test(test_a_process_that_slept_begins_anew),
        cmocka_unit_test(test_silence_for_four_beats_means_dead),
        cmocka_unit_test(test_the_collector_sets_the_heartbeat_within_reason),
        cmocka_unit_test(test_failures_back_off_and_move_on),
        cmocka_unit_test(test_a_wrong_key_tries_the_next_key_first),
        cmocka_unit_test(test_every_key_is_tried_at_an_endpoint),
        cmocka_unit_test(test_a_new_list_keeps_what_is_in_use),
        cmocka_unit_test(test_an_attempt_has_one_patience_for_connection_and_welcome),
        cmocka_unit_test(test_put_off_waits_as_asked_and_turned_away_waits_long),
        cmocka_unit_test(test_events_of_another_state_change_nothing),
        cmocka_unit_test(test_stop_is_final),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
