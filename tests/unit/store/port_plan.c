#include "store/port_plan.h"

#include "sample/report_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void check(const char *ports, const char *expected)
{
    struct pg_binary out = {0};
    struct report *report = report_sample(SAMPLE_SUPPORTED, ports, 1);
    port_plan_write(&out, report);
    assert_int_equal(out.len, strlen(expected) + 4);
    assert_memory_equal(out.bytes + 4, expected, strlen(expected));
    pg_binary_free(&out);
    report_free(report);
}

static void ranges_as_postgresql_writes_them(void **state)
{
    (void)state;
    check("5060/udp,9000-9009/udp,9010/tcp",
          "{\"(1,5060,5060,1,1,0)\",\"(1,9000,9009,1,1,0)\",\"(2,9010,9010,1,1,0)\"}");
}

static void role_and_expectation_make_a_new_range(void **state)
{
    (void)state;
    check("@3cx", "{\"(1,5060,5060,2,1,0)\",\"(1,5090,5090,3,1,0)\",\"(1,9000,10999,4,1,0)\",\"(2,443,443,5,1,0)\",\"("
                  "2,5001,5001,5,1,0)\","
                  "\"(2,5015,5015,6,2,0)\",\"(2,5060,5061,2,1,0)\",\"(2,5090,5090,3,1,0)\"}");
}

static void neighbours_of_two_transports_stay_apart(void **state)
{
    (void)state;
    check("65535/udp,1/tcp", "{\"(1,65535,65535,1,1,0)\",\"(2,1,1,1,1,0)\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_as_postgresql_writes_them),
        cmocka_unit_test(role_and_expectation_make_a_new_range),
        cmocka_unit_test(neighbours_of_two_transports_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
