/* Each endpoint with its key at the same place, then the keys to come. */
#include "exchange/directory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t first[CURVE_KEY_BYTES] = {1}, second[CURVE_KEY_BYTES] = {2}, next[CURVE_KEY_BYTES] = {3};

static void test_a_key_stands_at_its_endpoints_place(void **state)
{
    (void)state;
    struct directory directory = {0};
    struct directory_lists lists;
    directory_add(&directory, "tcp://one:1", first);
    directory_add(&directory, "tcp://two:1", second);
    directory_add_next_key(&directory, next);
    directory_add_next_key(&directory, next);
    directory_add_next_key(&directory, first);
    directory_lend(&directory, &lists);
    assert_int_equal(directory.endpoint_count, 2);
    assert_int_equal(directory.key_count, 3);
    assert_string_equal(lists.endpoints[1], "tcp://two:1");
    assert_memory_equal(lists.keys[1].data, second, CURVE_KEY_BYTES);
    assert_memory_equal(lists.keys[2].data, next, CURVE_KEY_BYTES);
}

static void test_what_finds_no_room_is_left_out(void **state)
{
    (void)state;
    struct directory directory = {0};
    char long_name[WIRE_NAME_BYTES_MAX + 1];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    directory_add(&directory, long_name, first);
    assert_int_equal(directory.endpoint_count, 0);
    for (int i = 0; i < 2 * DIRECTORY_ENDPOINTS_MAX; i++)
        directory_add(&directory, "tcp://one:1", first);
    for (int i = 0; i < 2 * DIRECTORY_KEYS_MAX; i++)
        directory_add_next_key(&directory, (const uint8_t[CURVE_KEY_BYTES]){9, (uint8_t)i});
    assert_int_equal(directory.endpoint_count, DIRECTORY_ENDPOINTS_MAX);
    assert_int_equal(directory.key_count, DIRECTORY_KEYS_MAX);
}

static void test_what_differs_is_seen(void **state)
{
    (void)state;
    struct directory a = {0}, b = {0};
    assert_true(directory_equal(&a, &b));
    directory_add(&a, "tcp://one:1", first);
    assert_false(directory_equal(&a, &b));
    directory_add(&b, "tcp://one:2", first);
    assert_false(directory_equal(&a, &b));
    b = a;
    assert_true(directory_equal(&a, &b));
    directory_add_next_key(&b, next);
    assert_false(directory_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_key_stands_at_its_endpoints_place),
        cmocka_unit_test(test_what_finds_no_room_is_left_out),
        cmocka_unit_test(test_what_differs_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
