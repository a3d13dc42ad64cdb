#include "report/remedy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define FAMILY_COLUMNS 16

static void test_every_remedy_has_hints_for_several_families(void **state)
{
    (void)state;
    for (enum remedy remedy = REMEDY_FORWARD; remedy < REMEDY_COUNT; remedy++) {
        size_t count;
        const struct remedy_hint *hints = remedy_hints(remedy, &count);
        if (remedy == REMEDY_FORWARD_STATIC)
            continue;
        assert_non_null(remedy_title(remedy));
        assert_in_range(count, 5, 20);
        for (size_t i = 0; i < count; i++) {
            assert_in_range(strlen(hints[i].family), 5, FAMILY_COLUMNS);
            assert_true(strlen(hints[i].where) > 8);
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(hints[i].family, hints[j].family);
        }
    }
}

static void test_what_is_no_change_of_a_router_has_no_title(void **state)
{
    (void)state;
    assert_null(remedy_title(REMEDY_NONE));
    assert_null(remedy_title(REMEDY_FORWARD_STATIC));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_remedy_has_hints_for_several_families),
        cmocka_unit_test(test_what_is_no_change_of_a_router_has_no_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
