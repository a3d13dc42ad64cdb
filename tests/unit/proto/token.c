#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/token.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct token example(size_t endpoint_count)
{
    struct token token = {.endpoint_count = endpoint_count};
    for (size_t i = 0; i < TOKEN_SECRET_BYTES; i++)
        token.secret[i] = (uint8_t)(i + 1);
    for (size_t i = 0; i < endpoint_count && i < TOKEN_ENDPOINTS_MAX; i++) {
        memset(token.endpoints[i].server_key, (int)(0xA0 + i), CURVE_KEY_BYTES);
        (void)snprintf(token.endpoints[i].address, sizeof token.endpoints[i].address, "tcp://collector%zu.example:7710",
                       i);
    }
    return token;
}

static void assert_same(const struct token *a, const struct token *b)
{
    assert_memory_equal(a->secret, b->secret, TOKEN_SECRET_BYTES);
    assert_int_equal(a->endpoint_count, b->endpoint_count);
    for (size_t i = 0; i < a->endpoint_count; i++) {
        assert_memory_equal(a->endpoints[i].server_key, b->endpoints[i].server_key, CURVE_KEY_BYTES);
        assert_string_equal(a->endpoints[i].address, b->endpoints[i].address);
    }
}

static void comes_back_with_any_number_of_endpoints(void **state)
{
    (void)state;
    for (size_t count = 1; count <= TOKEN_ENDPOINTS_MAX; count++) {
        struct token token = example(count), back;
        char text[TOKEN_TEXT_BYTES];
        assert_int_equal(token_format(&token, text), 0);
        assert_int_equal(token_parse(text, &back), 0);
        assert_same(&back, &token);
    }
}

static void the_longest_token_fits(void **state)
{
    (void)state;
    struct token token = example(TOKEN_ENDPOINTS_MAX), back;
    for (size_t i = 0; i < TOKEN_ENDPOINTS_MAX; i++) {
        memset(token.endpoints[i].address, 'h', WIRE_NAME_BYTES_MAX - 1);
        memcpy(token.endpoints[i].address, "tcp://", 6);
        memcpy(token.endpoints[i].address + WIRE_NAME_BYTES_MAX - 7, ":65535", 7);
    }
    char text[TOKEN_TEXT_BYTES];
    assert_int_equal(token_format(&token, text), 0);
    assert_true(strlen(text) < sizeof text);
    assert_int_equal(token_parse(text, &back), 0);
    assert_same(&back, &token);
}

/* The text is promised to hosts that were installed long ago: it must never change for version 1. */
static void the_text_stays_what_it_was(void **state)
{
    (void)state;
    struct token token = example(1);
    char text[TOKEN_TEXT_BYTES];
    assert_int_equal(token_format(&token, text), 0);
    assert_string_equal(text, "natsweep1_"
                              "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoB10"
                              "Y3A6Ly9jb2xsZWN0b3IwLmV4YW1wbGU6NzcxMJi37MU");
}

static void white_space_around_is_ignored(void **state)
{
    (void)state;
    struct token token = example(2), back;
    char text[TOKEN_TEXT_BYTES], wrapped[TOKEN_TEXT_BYTES + 8];
    assert_int_equal(token_format(&token, text), 0);
    (void)snprintf(wrapped, sizeof wrapped, " \t%s\r\n\n", text);
    assert_int_equal(token_parse(wrapped, &back), 0);
    assert_same(&back, &token);
    (void)snprintf(wrapped, sizeof wrapped, "%s x", text);
    assert_int_equal(token_parse(wrapped, &back), -EINVAL);
}

static void a_cut_token_is_called_damaged(void **state)
{
    (void)state;
    struct token token = example(1), back;
    char text[TOKEN_TEXT_BYTES];
    assert_int_equal(token_format(&token, text), 0);
    for (size_t len = strlen(text) - 1; len >= strlen(TOKEN_PREFIX); len--) {
        text[len] = '\0';
        assert_int_equal(token_parse(text, &back), -EBADMSG);
    }
    text[strlen(TOKEN_PREFIX) - 1] = '\0';
    assert_int_not_equal(token_parse(text, &back), 0);
}

static void a_mistyped_token_is_called_damaged(void **state)
{
    (void)state;
    struct token token = example(1), back;
    char text[TOKEN_TEXT_BYTES];
    assert_int_equal(token_format(&token, text), 0);
    for (size_t i = strlen(TOKEN_PREFIX); text[i] != '\0'; i++) {
        char right = text[i];
        text[i] = right == 'A' ? 'B' : 'A';
        assert_int_equal(token_parse(text, &back), -EBADMSG);
        text[i] = right;
    }
}

static void what_is_no_token_is_told_apart(void **state)
{
    (void)state;
    struct token token = {.endpoint_count = 7};
    assert_int_equal(token_parse("", &token), -EINVAL);
    assert_int_equal(token_parse("hello", &token), -EINVAL);
    assert_int_equal(token_parse("natsweep-agent enroll", &token), -EINVAL);
    assert_int_equal(token_parse("natsweep2_AAAA", &token), -EPROTONOSUPPORT);
    assert_int_equal(token.endpoint_count, 7);
}

static void endpoints_are_checked(void **state)
{
    (void)state;
    static const char *const good[] = {"tcp://a:1", "tcp://203.0.113.10:65535", "tcp://[2001:db8::1]:7710"};
    static const char *const bad[] = {"",           "tcp://",        "tcp://:7710",      "tcp://host",   "tcp://host:",
                                      "tcp://h:0",  "tcp://h:65536", "tcp://h:+5",       "udp://h:1",    "tcp://h h:1",
                                      "tcp://h:1 ", "tcp://h:1\n",   "tcp://\xC3\xA4:1", "ipc:///tmp/x", "tcp://h:1x"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(token_endpoint_valid(good[i]));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(token_endpoint_valid(bad[i]));
    struct token token = example(1);
    char text[TOKEN_TEXT_BYTES];
    strcpy(token.endpoints[0].address, "tcp://nowhere");
    assert_int_equal(token_format(&token, text), -EINVAL);
    token = example(0);
    assert_int_equal(token_format(&token, text), -EINVAL);
    token.endpoint_count = TOKEN_ENDPOINTS_MAX + 1;
    assert_int_equal(token_format(&token, text), -EINVAL);
}

static void the_hash_is_sha256(void **state)
{
    (void)state;
    /* printf abc | sha256sum */
    static const uint8_t expected[TOKEN_HASH_BYTES] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                                       0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                                       0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    uint8_t hash[TOKEN_HASH_BYTES];
    token_hash((const uint8_t *)"abc", 3, hash);
    assert_memory_equal(hash, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_with_any_number_of_endpoints),
        cmocka_unit_test(the_longest_token_fits),
        cmocka_unit_test(the_text_stays_what_it_was),
        cmocka_unit_test(white_space_around_is_ignored),
        cmocka_unit_test(a_cut_token_is_called_damaged),
        cmocka_unit_test(a_mistyped_token_is_called_damaged),
        cmocka_unit_test(what_is_no_token_is_told_apart),
        cmocka_unit_test(endpoints_are_checked),
        cmocka_unit_test(the_hash_is_sha256),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
