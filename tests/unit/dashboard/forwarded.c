#include "dashboard/forwarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *source(const char *peer, const char *proxy, const char *header)
{
    static char text[ADDRESS_TEXT_BYTES];
    struct address from, by = {0};
    assert_int_equal(address_parse(peer, &from), 0);
    if (proxy)
        assert_int_equal(address_parse(proxy, &by), 0);
    struct address found = forwarded_source(&from, &by, header);
    return address_format_ip(&found, text);
}

static void nobody_is_believed_unasked(void **state)
{
    (void)state;
    assert_string_equal(source("127.0.0.1:4000", NULL, "198.51.100.7"), "127.0.0.1");
    assert_string_equal(source("203.0.113.9:4000", "127.0.0.1", "198.51.100.7"), "203.0.113.9");
}

static void the_proxys_own_word_counts(void **state)
{
    (void)state;
    assert_string_equal(source("127.0.0.1:4000", "127.0.0.1", "198.51.100.7"), "198.51.100.7");
    assert_string_equal(source("127.0.0.1:4000", "127.0.0.1", "192.0.2.1, 198.51.100.7"), "198.51.100.7");
    assert_string_equal(source("127.0.0.1:4000", "127.0.0.1", "192.0.2.1,2001:db8::7"), "2001:db8::7");
    assert_string_equal(source("[::1]:4000", "::1", "[2001:db8::7]:999"), "2001:db8::7");
}

static void what_is_no_address_is_the_proxys(void **state)
{
    (void)state;
    static const char *const headers[] = {NULL, "",         "unknown", "198.51.100.7,", "198.51.100.7, _hidden",
                                          ",",  "1.2.3.4 5"};
    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        assert_string_equal(source("127.0.0.1:4000", "127.0.0.1", headers[i]), "127.0.0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_believed_unasked),
        cmocka_unit_test(the_proxys_own_word_counts),
        cmocka_unit_test(what_is_no_address_is_the_proxys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
