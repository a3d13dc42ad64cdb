#include "net/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

static void test_loopback_leaves_from_loopback(void **state)
{
    struct address to, local;
    char text[ADDRESS_TEXT_BYTES];

    (void)state;
    assert_int_equal(address_parse("127.0.0.2:3478", &to), 0);
    assert_int_equal(route_local_address(&to, &local), 0);
    assert_string_equal(address_format_ip(&local, text), "127.0.0.1");
    assert_int_equal(local.port, 0);
}

static void test_only_our_addresses_are_local(void **state)
{
    struct address ours, foreign;

    (void)state;
    assert_int_equal(address_parse("127.0.0.1", &ours), 0);
    assert_int_equal(route_check_local(&ours), 0);
    assert_int_equal(address_parse("203.0.113.77", &foreign), 0);
    assert_int_equal(route_check_local(&foreign), -EADDRNOTAVAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loopback_leaves_from_loopback),
        cmocka_unit_test(test_only_our_addresses_are_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
