#include "watch/health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW_US 1000000000u
#define SECOND_US 1000000u

static void threads_have_to_begin(void **state)
{
    (void)state;
    struct tallies tallies = {0};
    assert_false(health_alive(&tallies, NOW_US).good);
    tallies_beat(&tallies, PULSE_GATEWAY, NOW_US);
    assert_string_equal(health_alive(&tallies, NOW_US).text, "not alive: the control thread has not begun\n");
    tallies_beat(&tallies, PULSE_CONTROL, NOW_US);
    assert_true(health_alive(&tallies, NOW_US).good);
}

static void a_thread_that_hangs_is_named(void **state)
{
    (void)state;
    struct tallies tallies = {0};
    tallies_beat(&tallies, PULSE_GATEWAY, NOW_US);
    tallies_beat(&tallies, PULSE_CONTROL, NOW_US);
    assert_true(health_alive(&tallies, NOW_US + 15 * SECOND_US).good);
    const struct health later = health_alive(&tallies, NOW_US + 16 * SECOND_US);
    assert_false(later.good);
    assert_string_equal(later.text, "not alive: the gateway thread hangs since 16 s\n");
}

static void a_beat_of_just_now_is_no_silence(void **state)
{
    (void)state;
    struct tallies tallies = {0};
    tallies_beat(&tallies, PULSE_GATEWAY, NOW_US + 5);
    tallies_beat(&tallies, PULSE_CONTROL, NOW_US + 5);
    assert_true(health_alive(&tallies, NOW_US).good);
}

static void every_condition_is_asked(void **state)
{
    (void)state;
    static const enum tally needed[] = {TALLY_SELF_TEST, TALLY_DATABASE_CONTROL, TALLY_LEASE};
    struct tallies tallies = {0};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        assert_false(health_ready(&tallies).good);
        tallies_set(&tallies, needed[i], 1);
    }
    assert_true(health_ready(&tallies).good);
    tallies_set(&tallies, TALLY_DATABASE_CONTROL, 0);
    assert_non_null(strstr(health_ready(&tallies).text, "PostgreSQL cannot be reached"));
    tallies_set(&tallies, TALLY_DATABASE_CONTROL, 1);
    tallies_set(&tallies, TALLY_DRAINING, 1);
    assert_string_equal(health_ready(&tallies).text, "not ready: this collector is ending\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_have_to_begin),
        cmocka_unit_test(a_thread_that_hangs_is_named),
        cmocka_unit_test(a_beat_of_just_now_is_no_silence),
        cmocka_unit_test(every_condition_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
