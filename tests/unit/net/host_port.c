#include "net/host_port.h"

#include "base/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static void test_forms(void **state)
{
    static const struct {
        const char *text, *host;
        uint16_t port;
    } rows[] = {
        {"stun.example.com", "stun.example.com", 3478}, {"stun.example.com:5349", "stun.example.com", 5349},
        {"203.0.113.10:65535", "203.0.113.10", 65535},  {"2001:db8::1", "2001:db8::1", 3478},
        {"[2001:db8::1]", "2001:db8::1", 3478},         {"[2001:db8::1]:1", "2001:db8::1", 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char host[HOST_BYTES];
        uint16_t port;
        assert_int_equal(host_port_parse(rows[i].text, 3478, host, &port), 0);
        assert_string_equal(host, rows[i].host);
        assert_int_equal(port, rows[i].port);
    }
}

static void test_refused(void **state)
{
    static const char *const rows[] = {"",     ":3478",  "host:",   "host:0",    "host:65536",    "host:1x",
                                       "[::1", "[::1]x", "[]:3478", "two words", "host:000003478"};
    char host[HOST_BYTES];
    uint16_t port;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(host_port_parse(rows[i], 3478, host, &port), -EINVAL);
}

static void test_overlong_host(void **state)
{
    char text[HOST_BYTES + 1], host[HOST_BYTES];
    uint16_t port;

    (void)state;
    memset(text, 'a', sizeof text);
    text[HOST_BYTES] = '\0';
    assert_int_equal(host_port_parse(text, 1, host, &port), -EINVAL);
    text[HOST_BYTES - 1] = '\0';
    assert_int_equal(host_port_parse(text, 1, host, &port), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_overlong_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
