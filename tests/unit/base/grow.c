#include "base/grow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void it_begins_small_and_doubles(void **state)
{
    (void)state;
    size_t capacity = 0;
    char *memory = grow(NULL, &capacity, 1, 16);
    assert_non_null(memory);
    assert_int_equal(capacity, 16);
    memcpy(memory, "sixteen bytes...", 16);
    memory = grow(memory, &capacity, 17, 16);
    assert_non_null(memory);
    assert_int_equal(capacity, 32);
    memory = grow(memory, &capacity, 200, 16);
    assert_non_null(memory);
    assert_int_equal(capacity, 256);
    assert_memory_equal(memory, "sixteen bytes...", 16);
    free(memory);
}

static void what_fits_stays_where_it_is(void **state)
{
    (void)state;
    size_t capacity = 0;
    char *memory = grow(NULL, &capacity, 16, 16);
    assert_non_null(memory);
    assert_ptr_equal(grow(memory, &capacity, 16, 16), memory);
    assert_ptr_equal(grow(memory, &capacity, 3, 16), memory);
    assert_int_equal(capacity, 16);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_begins_small_and_doubles),
                                       cmocka_unit_test(what_fits_stays_where_it_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
