#include "store/multirange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void runs_become_ranges(void **state)
{
    (void)state;
    static const struct port_result results[] = {{.port = 1}, {.port = 2}, {.port = 65535}};
    const struct port_result *ports[] = {&results[0], &results[1], &results[2]};
    struct pg_binary out = {0};
    multirange_write(&out, ports, 3);
    static const uint8_t expected[] = {0, 0, 0, 46, 0, 0, 0,    2,    0, 0, 0, 17, 2, 0, 0, 0,  4,
                                       0, 0, 0, 1,  0, 0, 0,    4,    0, 0, 0, 3,  0, 0, 0, 17, 2,
                                       0, 0, 0, 4,  0, 0, 0xff, 0xff, 0, 0, 0, 4,  0, 1, 0, 0};
    assert_int_equal(out.len, sizeof expected);
    assert_memory_equal(out.bytes, expected, sizeof expected);
    pg_binary_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_become_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
