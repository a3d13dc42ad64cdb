#include "control/agents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A decoded hello, as the gateway hands it on. */
static Envelope *make_hello(uint64_t instance)
{
    Natsweep__Hello hello = NATSWEEP__HELLO__INIT;
    hello.instance = instance;
    Natsweep__Spool spool = NATSWEEP__SPOOL__INIT;
    spool.depth = 3;
    spool.lost = 5;
    hello.spool = &spool;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HELLO;
    envelope.hello = &hello;
    uint8_t *frame;
    size_t len;
    Envelope *decoded;
    assert_int_equal(wire_encode(&envelope, &frame, &len), 0);
    assert_int_equal(wire_decode(frame, len, &decoded), 0);
    free(frame);
    return decoded;
}

static void a_hello_replaces_the_one_before(void **state)
{
    (void)state;
    struct agents *agents = agents_create();
    struct agent *agent = agents_hello(agents, 7, make_hello(1), 100);
    agent->greeted = true;
    agent_adopt(agent, (struct sweep_key){.sweep_id = 1, .generation = 2});
    assert_ptr_equal(agents_hello(agents, 7, make_hello(2), 200), agent);
    assert_int_equal(agent->hello->hello->instance, 2);
    assert_int_equal(agent->hello_at_us, 200);
    assert_false(agent->greeted);
    assert_int_equal(agent->adopted_count, 0);
    assert_ptr_equal(agents_next(agents, NULL), agent);
    assert_null(agents_next(agents, agent));
    agents_destroy(agents);
}

static void the_spool_is_noted(void **state)
{
    (void)state;
    struct agents *agents = agents_create();
    struct agent *agent = agents_hello(agents, 7, make_hello(1), 100);
    assert_true(agent->seen);
    assert_int_equal(agent->spool_depth, 3);
    agent_note_spool(agent, NULL); /* nothing in it; what was lost stays lost */
    assert_int_equal(agent->spool_depth, 0);
    assert_int_equal(agent->spool_lost, 5);
    agents_destroy(agents);
}

static void an_adopted_sweep_has_its_new_generation(void **state)
{
    (void)state;
    struct agents *agents = agents_create();
    struct agent *agent = agents_hello(agents, 7, make_hello(1), 100);
    for (uint64_t i = 0; i < ADOPTED_MAX + 3; i++)
        agent_adopt(agent, (struct sweep_key){.sweep_id = 40 + i, .generation = 5});
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    key.sweep_id = 41;
    key.generation = 2;
    assert_int_equal(agent_current_key(agent, &key).generation, 5);
    key.generation = 6; /* it was told a newer one since */
    assert_int_equal(agent_current_key(agent, &key).generation, 6);
    key.sweep_id = 39;
    key.generation = 1;
    assert_int_equal(agent_current_key(agent, &key).generation, 1);
    agents_destroy(agents);
}

static void all_are_visited_and_one_removed(void **state)
{
    (void)state;
    struct agents *agents = agents_create();
    for (int64_t id = 1; id <= 3; id++)
        assert_non_null(agents_hello(agents, id, make_hello(1), 100));
    agents_remove(agents, agents_find(agents, 2));
    int64_t sum = 0;
    for (struct agent *agent = agents_next(agents, NULL); agent; agent = agents_next(agents, agent))
        sum += agent->agent_id;
    assert_int_equal(sum, 4);
    assert_null(agents_find(agents, 2));
    agents_destroy(agents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_replaces_the_one_before),
        cmocka_unit_test(the_spool_is_noted),
        cmocka_unit_test(an_adopted_sweep_has_its_new_generation),
        cmocka_unit_test(all_are_visited_and_one_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
