#include "sweep/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void visits_each_once(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 3, 7, 64, 1000, 2003, 65535};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct order order = order_make(sizes[i], 7 + i);
        uint8_t *seen = calloc(sizes[i], 1);
        assert_non_null(seen);
        for (uint32_t position = 0; position < sizes[i]; position++) {
            uint32_t number = order_at(&order, position);
            assert_true(number < sizes[i]);
            assert_int_equal(seen[number]++, 0);
        }
        free(seen);
    }
}

static void is_shuffled(void **state)
{
    (void)state;
    struct order order = order_make(2000, 1);
    uint32_t neighbours = 0;
    for (uint32_t position = 1; position < 2000; position++) {
        uint32_t a = order_at(&order, position - 1), b = order_at(&order, position);
        neighbours += a + 1 == b || b + 1 == a;
    }
    assert_in_range(neighbours, 0, 20);
}

static void differs_by_seed(void **state)
{
    (void)state;
    struct order one = order_make(2000, 1), two = order_make(2000, 2);
    uint32_t equal = 0;
    for (uint32_t position = 0; position < 2000; position++)
        equal += order_at(&one, position) == order_at(&two, position);
    assert_in_range(equal, 0, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visits_each_once),
        cmocka_unit_test(is_shuffled),
        cmocka_unit_test(differs_by_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
