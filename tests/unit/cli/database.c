#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/database.h"

#include <sysexits.h>

static void each_kind_of_failure_has_its_exit_code(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate;
        int code;
    } cases[] = {
        {"08006", EX_UNAVAILABLE}, {"57P01", EX_UNAVAILABLE}, {"53300", EX_UNAVAILABLE}, {"28P01", EX_NOPERM},
        {"42501", EX_NOPERM},      {"3F000", EX_CONFIG},      {"42P01", EX_CONFIG},      {"42883", EX_CONFIG},
        {"P0002", EX_NOUSER},      {"NS001", EX_NOHOST},      {"22023", EX_DATAERR},     {"22007", EX_DATAERR},
        {"23505", EX_CANTCREAT},   {"23514", EX_DATAERR},     {"55000", EX_DATAERR},     {"42710", EX_CANTCREAT},
        {"42939", EX_DATAERR},     {"57014", EX_SOFTWARE},    {"XX000", EX_SOFTWARE}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (database_exit_code(cases[i].sqlstate) != cases[i].code)
            fail_msg("%s gives %d", cases[i].sqlstate, database_exit_code(cases[i].sqlstate));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_kind_of_failure_has_its_exit_code)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
