#include "proto/port_profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void known_profile(void **state)
{
    (void)state;
    const struct port_profile *profile = port_profile_find("@3cx");
    assert_non_null(profile);
    for (size_t i = 0; i < profile->count; i++) {
        const struct port_range *range = &profile->ranges[i];
        assert_true(range->first > 0 && range->first <= range->last);
        assert_non_null(transport_word(range->transport));
        assert_non_null(role_word(range->role));
        assert_non_null(expect_word(range->expect));
    }
}

static void unknown_profile(void **state)
{
    (void)state;
    assert_null(port_profile_find("@3c"));
    assert_null(port_profile_find("3cx"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_profile),
        cmocka_unit_test(unknown_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
