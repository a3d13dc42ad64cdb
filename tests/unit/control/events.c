#include "control/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sweep_key key(uint64_t sweep_id)
{
    return (struct sweep_key){.sweep_id = sweep_id, .generation = 1};
}

static void keep_their_order(void **state)
{
    (void)state;
    struct events events = {0};
    events_add(&events, EVENT_ACCEPTED, 4, key(1), NULL);
    events_add(&events, EVENT_REFUSED, 5, key(2), "busy: later");
    assert_int_equal(events.count, 2);
    assert_int_equal(events_at(&events, 0)->key.sweep_id, 1);
    assert_null(events_at(&events, 0)->detail);
    assert_string_equal(events_at(&events, 1)->detail, "busy: later");
    assert_int_equal(events_at(&events, 1)->agent_id, 5);
    events_drop(&events, 1);
    assert_int_equal(events_at(&events, 0)->key.sweep_id, 2);
    events_free(&events);
    assert_int_equal(events.count, 0);
}

static void drop_the_oldest_and_count_them(void **state)
{
    (void)state;
    struct events events = {0};
    for (uint64_t i = 0; i < EVENTS_MAX + 10; i++)
        events_add(&events, EVENT_STARTED, 4, key(i), "detail");
    assert_int_equal(events.count, EVENTS_MAX);
    assert_int_equal(events.lost, 10);
    assert_int_equal(events_at(&events, 0)->key.sweep_id, 10);
    assert_int_equal(events_at(&events, EVENTS_MAX - 1)->key.sweep_id, EVENTS_MAX + 9);
    events_free(&events);
}

static void have_the_names_of_the_schema(void **state)
{
    (void)state;
    assert_string_equal(event_word(EVENT_ACCEPTED), "accepted");
    assert_string_equal(event_word(EVENT_STARTED), "started");
    assert_string_equal(event_word(EVENT_REFUSED), "refused");
    assert_string_equal(event_word(EVENT_EXPIRED), "expired");
    assert_string_equal(event_word(EVENT_UNDELIVERED), "undelivered");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keep_their_order),
        cmocka_unit_test(drop_the_oldest_and_count_them),
        cmocka_unit_test(have_the_names_of_the_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
