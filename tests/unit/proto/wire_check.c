#include "proto/wire_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *known_word(unsigned number)
{
    return number == 7 ? "seven" : NULL;
}

/* Rules of our own for the message Progress and the key in it. */
static const struct wire_rule key_rules[] = {
    {.field = "sweep_id", .kind = WIRE_NUMBER, .minimum = 1, .maximum = 100},
    {.field = "generation", .kind = WIRE_WORD, .minimum = 1, .word = known_word}};
static const struct wire_message key_message = {&natsweep__sweep_key__descriptor, key_rules, 2, NULL};

static bool done_within_total(const ProtobufCMessage *message)
{
    const Natsweep__Progress *progress = (const void *)message;
    return progress->ports_done <= progress->ports_total;
}

static const struct wire_rule progress_rules[] = {
    {.field = "key", .kind = WIRE_MESSAGE, .minimum = 1, .message = &key_message},
    {.field = "ports_done", .kind = WIRE_ANY},
    {.field = "ports_total", .kind = WIRE_ANY},
    {.field = "remaining_ms", .kind = WIRE_NUMBER, .minimum = 0, .maximum = 9},
};
static const struct wire_message progress_message = {&natsweep__progress__descriptor, progress_rules, 4,
                                                     done_within_total};

static void check(uint64_t sweep_id, uint32_t generation, uint32_t done, const char *expected)
{
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    Natsweep__Progress progress = NATSWEEP__PROGRESS__INIT;
    const char *field = NULL;
    key.sweep_id = sweep_id;
    key.generation = generation;
    progress.key = &key;
    progress.ports_done = done;
    progress.ports_total = 10;
    bool holds = wire_check(&progress.base, &progress_message, &field);
    assert_int_equal(holds, expected == NULL);
    if (expected)
        assert_string_equal(field, expected);
}

static void the_first_broken_field_is_named(void **state)
{
    (void)state;
    check(1, 7, 10, NULL);
    check(0, 7, 10, "sweep_id");
    check(101, 7, 10, "sweep_id");
    check(UINT64_MAX, 7, 10, "sweep_id");
    check(1, 8, 10, "generation");
    check(1, 0, 10, "generation");
    check(1, 7, 11, "Progress");
}

static void a_missing_message_is_named(void **state)
{
    (void)state;
    Natsweep__Progress progress = NATSWEEP__PROGRESS__INIT;
    const char *field = NULL;
    assert_false(wire_check(&progress.base, &progress_message, &field));
    assert_string_equal(field, "key");
}

static void incomplete_rules_are_noticed(void **state)
{
    (void)state;
    assert_true(wire_rules_complete(&progress_message));
    struct wire_message rules = progress_message;
    rules.rule_count = 3;
    assert_false(wire_rules_complete(&rules));

    struct wire_rule swapped[] = {key_rules[1], key_rules[0]};
    rules = (struct wire_message){&natsweep__sweep_key__descriptor, swapped, 2, NULL};
    assert_false(wire_rules_complete(&rules));

    struct wire_rule wordless[] = {key_rules[0], {.field = "generation", .kind = WIRE_WORD}};
    rules.rules = wordless;
    assert_false(wire_rules_complete(&rules));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_broken_field_is_named),
        cmocka_unit_test(a_missing_message_is_named),
        cmocka_unit_test(incomplete_rules_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
