#include "sweep/candidates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct plan plan_of(size_t servers)
{
    struct plan plan = {.server_count = servers};
    for (size_t i = 0; i < servers; i++)
        plan.servers[i].address =
            (struct address){.family = 4, .port = 3478, .ip = {203, 0, 113, (uint8_t)(10 + 10 * i)}};
    return plan;
}

static void tries_each_then_takes_the_best(void **state)
{
    (void)state;
    struct plan plan = plan_of(3);
    struct candidates candidates = candidates_make(&plan);
    assert_int_equal(candidates_next(&candidates), 0);
    candidates_rank(&candidates, 0, RANK_NO_SECOND);
    assert_int_equal(candidates_next(&candidates), 1);
    candidates_rank(&candidates, 1, RANK_UNPROVEN);
    assert_int_equal(candidates_next(&candidates), 2);
    candidates_rank(&candidates, 2, RANK_FAILED);
    assert_int_equal(candidates_next(&candidates), 1);
    candidates_rank(&candidates, 1, RANK_FAILED);
    assert_int_equal(candidates_next(&candidates), 0);
    candidates_rank(&candidates, 0, RANK_FAILED);
    assert_true(candidates_next(&candidates) == CANDIDATE_NONE);
}

static void shuns_the_other_half_of_a_used_server(void **state)
{
    (void)state;
    struct plan plan = plan_of(2);
    struct candidates candidates = candidates_make(&plan);
    struct address unrelated = {.family = 4, .port = 3479, .ip = {203, 0, 113, 99}};
    assert_true(candidates_clean(&candidates, 1, &plan.servers[0].address));
    candidates_use(&candidates, 0, &plan.servers[1].address);
    assert_false(candidates_clean(&candidates, 1, &unrelated));               /* ports heard from it */
    assert_false(candidates_clean(&candidates, 1, &plan.servers[0].address)); /* ports sent to its second */
    assert_true(candidates_clean(&candidates, 0, &plan.servers[1].address));  /* itself, again */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tries_each_then_takes_the_best),
        cmocka_unit_test(shuns_the_other_half_of_a_used_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
