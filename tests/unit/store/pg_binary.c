#include "store/pg_binary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check(struct pg_binary *out, const void *expected, size_t len)
{
    assert_false(out->failed);
    assert_int_equal(out->len, len);
    assert_memory_equal(out->bytes, expected, len);
    pg_binary_free(out);
}

static void numbers_are_big_endian_with_their_length(void **state)
{
    (void)state;
    struct pg_binary out = {0};
    pg_int2(&out, -2);
    pg_int4(&out, 5060);
    pg_int8(&out, -1);
    pg_bool(&out, true);
    pg_null(&out);
    static const uint8_t expected[] = {0,    0,    0, 2, 0xff, 0xfe, 0,    0,    0,    4,    0,    0,
                                       0x13, 0xc4, 0, 0, 0,    8,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0, 0, 0,    1,    1,    0xff, 0xff, 0xff, 0xff};
    check(&out, expected, sizeof expected);
}

static void addresses(void **state)
{
    (void)state;
    struct pg_binary out = {0};
    struct address v4, v6, unknown = {0};
    assert_int_equal(address_parse("203.0.113.2", &v4), 0);
    assert_int_equal(address_parse("2001:db8::1", &v6), 0);
    pg_inet(&out, &v4);
    pg_inet(&out, &v6);
    pg_inet(&out, &unknown);
    static const uint8_t expected[] = {0, 0,  0, 8,   2, 32, 0,    4, 203,  0,    113,  2,   0, 0,
                                       0, 20, 3, 128, 0, 16, 0x20, 1, 0x0d, 0xb8, 0,    0,   0, 0,
                                       0, 0,  0, 0,   0, 0,  0,    1, 0xff, 0xff, 0xff, 0xff};
    check(&out, expected, sizeof expected);
}

static void a_value_gets_its_length_when_it_is_closed(void **state)
{
    (void)state;
    struct pg_binary out = {0};
    size_t opened = pg_open(&out);
    pg_bytes(&out, "abc", 3);
    pg_close(&out, opened);
    check(&out, "\0\0\0\3abc", 7);
}

static void an_array_gets_its_count_later(void **state)
{
    (void)state;
    struct pg_binary out = {0};
    pg_raw4(&out, 7);
    size_t start = out.len;
    pg_array(&out, PG_INT2, 0);
    pg_array_count(&out, start, 3);
    static const uint8_t expected[] = {0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 21, 0, 0, 0, 3, 0, 0, 0, 1};
    check(&out, expected, sizeof expected);
}

static void json_strings_are_escaped(void **state)
{
    (void)state;
    struct pg_binary out = {0};
    pg_json_string(&out, "a\"b\\c\n\xc3\xbc");
    static const char expected[] = "\"a\\\"b\\\\c\\u000a\xc3\xbc\"";
    check(&out, expected, sizeof expected - 1);
}

static void it_grows(void **state)
{
    (void)state;
    struct pg_binary out = {0};
    for (int32_t i = 0; i < 10000; i++)
        pg_int4(&out, i);
    assert_int_equal(out.len, 80000);
    assert_int_equal(out.bytes[79998], 9999 >> 8);
    pg_binary_free(&out);
    assert_null(out.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_big_endian_with_their_length),
        cmocka_unit_test(addresses),
        cmocka_unit_test(a_value_gets_its_length_when_it_is_closed),
        cmocka_unit_test(an_array_gets_its_count_later),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
