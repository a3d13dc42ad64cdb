#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/complain.h"
#include "cli/sweep_wait.h"

static void the_exit_code_says_how_the_fleet_is(void **state)
{
    (void)state;
    static const struct {
        struct sweep_counts counts;
        int code;
    } cases[] = {
        {{.sites = 2, .supported = 2}, EXIT_SUPPORTED},
        {{.sites = 2, .supported = 2, .no_agent = 1}, EXIT_NOT_SUPPORTED},
        {{.sites = 2, .supported = 1}, EXIT_NOT_SUPPORTED},
        {{.sites = 2, .supported = 1, .partial = 1}, EXIT_NOT_SUPPORTED},
        {{.sites = 1, .unsupported = 1}, EXIT_NOT_SUPPORTED},
        {{.sites = 1, .inconclusive = 1}, EXIT_NOT_SUPPORTED},
        {{.sites = 3}, EXIT_NOT_RUN},
        {{.sites = 2, .supported = 1, .cancelled = 1}, EXIT_CANCELLED},
        {{.sites = 1, .cancelled = 1}, EXIT_CANCELLED},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(sweep_exit_code(&cases[i].counts), cases[i].code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_exit_code_says_how_the_fleet_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
