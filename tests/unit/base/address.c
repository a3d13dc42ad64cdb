#include "base/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct address parse(const char *text)
{
    struct address address;
    assert_int_equal(address_parse(text, &address), 0);
    return address;
}

static void text_survives_a_round_trip(void **state)
{
    (void)state;
    static const char *const texts[] = {"192.0.2.1:5060", "[2001:db8::1]:65535", "0.0.0.0:0", "[::]:1"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct address address = parse(texts[i]);
        char text[ADDRESS_TEXT_BYTES];
        assert_string_equal(address_format(&address, text), texts[i]);
    }
}

static void an_ip_alone_has_port_zero(void **state)
{
    (void)state;
    assert_int_equal(parse("192.0.2.1").port, 0);
    assert_int_equal(parse("2001:db8::1").family, 6);
    assert_int_equal(parse("[2001:db8::1]").port, 0);
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "192.0.2",
                                        "192.0.2.1:",
                                        "192.0.2.1:65536",
                                        "192.0.2.1:-1",
                                        "192.0.2.1:5x",
                                        "[::1",
                                        "[::1]5",
                                        "[192.0.2.1]:5",
                                        "example.com",
                                        "::1:zz",
                                        "192.0.2.256",
                                        "[]:1",
                                        ":5",
                                        "192.0.2.1 :5",
                                        "192.0.2.1: 5",
                                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct address address = {.family = 9};
        assert_int_equal(address_parse(texts[i], &address), -1);
        assert_int_equal(address.family, 9);
    }
}

static void special_blocks_are_private(void **state)
{
    (void)state;
    static const char *const private[] = {
        "10.1.2.3",    "172.16.0.1", "172.31.255.255", "192.168.0.1",     "100.64.0.1", "127.0.0.1",
        "169.254.1.1", "0.0.0.0",    "224.0.0.1",      "255.255.255.255", "fe80::1",    "fd00::1",
        "::1",         "::",         "ff02::1"};
    static const char *const public[] = {"8.8.8.8",     "172.15.255.255", "172.32.0.0",  "100.63.255.255",
                                         "100.128.0.0", "203.0.113.2",    "2001:db8::1", "2600::"};
    for (size_t i = 0; i < ARRAY_LEN(private); i++) {
        struct address address = parse(private[i]);
        assert_true(address_is_private(&address));
    }
    for (size_t i = 0; i < ARRAY_LEN(public); i++) {
        struct address address = parse(public[i]);
        assert_false(address_is_private(&address));
    }
}

static void equality_needs_known_addresses(void **state)
{
    (void)state;
    struct address unknown = {0}, a = parse("192.0.2.1:5"), b = parse("192.0.2.1:6");
    assert_false(address_same_ip(&unknown, &unknown));
    assert_true(address_same_ip(&a, &b));
    assert_false(address_equal(&a, &b));
    assert_true(address_equal(&a, &a));
}

static void sockaddrs_survive_a_round_trip(void **state)
{
    (void)state;
    static const char *const texts[] = {"192.0.2.1:5060", "[2001:db8::1]:5060"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct address in = parse(texts[i]);
        struct sockaddr_storage storage;
        assert_true(address_to_sockaddr(&in, &storage) > 0);
        struct address out = address_from_sockaddr((struct sockaddr *)&storage);
        assert_true(address_equal(&in, &out));
    }
    struct address mapped = parse("[::ffff:192.0.2.1]:7"), plain = parse("192.0.2.1:7");
    struct sockaddr_storage storage;
    assert_true(address_to_sockaddr(&mapped, &storage) > 0);
    struct address out = address_from_sockaddr((struct sockaddr *)&storage);
    assert_true(address_equal(&plain, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_survives_a_round_trip),
        cmocka_unit_test(an_ip_alone_has_port_zero),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(special_blocks_are_private),
        cmocka_unit_test(equality_needs_known_addresses),
        cmocka_unit_test(sockaddrs_survive_a_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
