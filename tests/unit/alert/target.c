#include "alert/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_public(const char *text)
{
    struct address address;
    assert_int_equal(address_parse(text, &address), 0);
    return target_is_public(&address);
}

static void the_internet_is_public(void **state)
{
    (void)state;
    static const char *const open[] = {"8.8.8.8",
                                       "1.1.1.1",
                                       "172.15.255.255",
                                       "172.32.0.1",
                                       "100.63.255.255",
                                       "100.128.0.0",
                                       "198.17.0.1",
                                       "198.20.0.1",
                                       "192.0.1.1",
                                       "223.255.255.255",
                                       "[2606:4700::1]",
                                       "[2a00::1]",
                                       "[2001:4860:4860::8888]"};
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        assert_true(is_public(open[i]));
}

static void all_else_is_not(void **state)
{
    (void)state;
    static const char *const closed[] = {
        "0.0.0.0",         "0.1.2.3",      "10.0.0.1",        "100.64.0.1",    "127.0.0.1",
        "127.255.255.254", "169.254.1.1",  "169.254.169.254", "172.16.0.1",    "172.31.255.255",
        "192.0.0.8",       "192.0.2.1",    "192.168.1.1",     "192.88.99.1",   "198.18.0.1",
        "198.19.255.255",  "198.51.100.1", "203.0.113.1",     "224.0.0.1",     "240.0.0.1",
        "255.255.255.255", "[::]",         "[::1]",           "[::127.0.0.1]", "[fe80::1]",
        "[fc00::1]",       "[fd12::1]",    "[ff02::1]",       "[fec0::1]",     "[64:ff9b::7f00:1]",
        "[64:ff9b:1::1]",  "[100::1]",     "[2001::1]",       "[2001:db8::1]", "[2002:7f00:1::]",
        "[3fff::1]",       "[4000::1]"};
    for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
        assert_false(is_public(closed[i]));
}

static void a_mapped_address_is_what_it_maps(void **state)
{
    (void)state;
    struct sockaddr_in6 mapped = {.sin6_family = AF_INET6,
                                  .sin6_addr.s6_addr = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}};
    struct address address = address_from_sockaddr((const struct sockaddr *)&mapped);
    assert_false(target_is_public(&address));
    address = (struct address){0};
    assert_false(target_is_public(&address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_internet_is_public), cmocka_unit_test(all_else_is_not),
                                       cmocka_unit_test(a_mapped_address_is_what_it_maps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
