/* What a collector hears about its command. */
#include "command/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct ear {
    struct answer_channel channel;
    Envelope *heard;
    bool deaf;
};

static bool hear(void *argument, Envelope *envelope)
{
    struct ear *ear = argument;
    uint8_t *bytes = NULL;
    size_t len = 0;
    if (ear->deaf)
        return false;
    assert_int_equal(wire_encode(envelope, &bytes, &len), 0);
    assert_int_equal(wire_decode(bytes, len, &ear->heard), 0);
    free(bytes);
    return true;
}

static struct ear ear;
static const struct uplink_sweep sweep = {.sweep_id = 7, .generation = 2, .running = true};

static int setup(void **state)
{
    (void)state;
    ear = (struct ear){.channel = {.argument = &ear, .send = hear}};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wire_free(ear.heard);
    return 0;
}

static void test_a_sweep_is_named_with_its_generation(void **state)
{
    (void)state;
    assert_true(answer_accepted(&ear.channel, &sweep));
    assert_int_equal(ear.heard->body_case, NATSWEEP__ENVELOPE__BODY_ACCEPTED);
    assert_int_equal(ear.heard->accepted->key->sweep_id, 7);
    assert_int_equal(ear.heard->accepted->key->generation, 2);
    assert_true(ear.heard->accepted->running);
}

static void test_an_answer_that_is_not_sent_is_told(void **state)
{
    (void)state;
    ear.deaf = true;
    assert_false(answer_accepted(&ear.channel, &sweep));
}

static void test_a_refusal_gives_its_reason(void **state)
{
    (void)state;
    answer_refused(&ear.channel, &sweep, "busy", "this agent's queue is full");
    assert_int_equal(ear.heard->body_case, NATSWEEP__ENVELOPE__BODY_REFUSED);
    assert_string_equal(ear.heard->refused->code, "busy");
    assert_string_equal(ear.heard->refused->message, "this agent's queue is full");
}

static void test_progress_goes_in_milliseconds_and_never_wraps(void **state)
{
    (void)state;
    struct sweep_progress progress = {.ports_done = 5, .ports_total = 20, .remaining_us = 1500000};
    answer_progress(&ear.channel, &sweep, &progress);
    assert_int_equal(ear.heard->progress->ports_done, 5);
    assert_int_equal(ear.heard->progress->ports_total, 20);
    assert_int_equal(ear.heard->progress->remaining_ms, 1500);
    wire_free(ear.heard);
    progress.remaining_us = UINT64_MAX;
    answer_progress(&ear.channel, &sweep, &progress);
    assert_int_equal(ear.heard->progress->remaining_ms, UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_sweep_is_named_with_its_generation, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_answer_that_is_not_sent_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_refusal_gives_its_reason, setup, teardown),
        cmocka_unit_test_setup_teardown(test_progress_goes_in_milliseconds_and_never_wraps, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
