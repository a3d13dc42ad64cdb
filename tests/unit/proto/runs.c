#include "proto/runs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void equal_values_make_one_run(void **state)
{
    (void)state;
    uint32_t numbers[6];
    struct run_writer writer = {.numbers = numbers};
    runs_add(&writer, 7);
    runs_add(&writer, 7);
    runs_add(&writer, 8);
    static const uint32_t expected[] = {7, 1, 8, 0};
    assert_int_equal(writer.count, 4);
    assert_memory_equal(numbers, expected, sizeof expected);
}

static void reader_gives_every_element(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {7, 1, 8, 0};
    static const uint32_t values[] = {7, 7, 8};
    static const bool firsts[] = {true, false, true};
    struct run_reader reader = runs_reader(numbers, 4);
    uint32_t value;
    bool first;
    for (size_t i = 0; i < 3; i++) {
        assert_true(runs_next(&reader, &value, &first));
        assert_int_equal(value, values[i]);
        assert_int_equal(first, firsts[i]);
    }
    assert_false(runs_next(&reader, &value, &first));
}

static void total_refuses_what_is_no_list_of_runs(void **state)
{
    (void)state;
    static const uint32_t good[] = {7, 1, 8, 0}, odd[] = {7, 1, 8}, huge[] = {7, UINT32_MAX, 7, UINT32_MAX};
    assert_int_equal(runs_total(good, 4, 100), 3);
    assert_int_equal(runs_total(good, 4, 2), -1);
    assert_int_equal(runs_total(odd, 3, 100), -1);
    assert_int_equal(runs_total(huge, 4, UINT32_MAX), -1);
    assert_int_equal(runs_total(NULL, 0, 100), 0);
}

static void reader_stops_at_a_missing_length(void **state)
{
    (void)state;
    static const uint32_t odd[] = {7};
    struct run_reader reader = runs_reader(odd, 1);
    uint32_t value;
    assert_false(runs_next(&reader, &value, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_make_one_run),
        cmocka_unit_test(reader_gives_every_element),
        cmocka_unit_test(total_refuses_what_is_no_list_of_runs),
        cmocka_unit_test(reader_stops_at_a_missing_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
