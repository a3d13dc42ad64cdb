#include "sip/echo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>

static const struct address local = {.family = 4, .port = 5060, .ip = {192, 168, 77, 2}};
static const struct address echo = {.family = 4, .port = 5060, .ip = {203, 0, 113, 10}};

static size_t answer(const char *head, const char *body, size_t body_len, uint8_t *bytes, size_t capacity)
{
    char encoded[BASE64_ENCODE_RAW_LENGTH(SIP_PROBE_BYTES * 2) + 1];
    base64_encode_raw(encoded, body_len, (const uint8_t *)body);
    encoded[BASE64_ENCODE_RAW_LENGTH(body_len)] = '\0';
    int len = snprintf((char *)bytes, capacity, "%s\r\n\r\n%s", head, encoded);
    return (size_t)len;
}

static struct sip_probe make_probe(void)
{
    struct sip_probe probe;
    assert_int_equal(sip_probe_write(&probe, SIP_INVITE, &local, &echo, 40000, 0xabcdef), 0);
    return probe;
}

static void the_request_comes_back_as_it_arrived(void **state)
{
    (void)state;
    struct sip_probe probe = make_probe();
    uint8_t bytes[2048];
    char arrived[SIP_PROBE_BYTES * 2];
    size_t arrived_len;
    static const char *const heads[] = {
        "SIP/2.0 200 OK\r\nCall-ID: 0000000000abcdef@192.168.77.2",
        "SIP/2.0 200 OK\r\nServer: x\r\ni: 0000000000abcdef@rewritten\r\nContent-Length: 9"};
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        size_t len = answer(heads[i], probe.text, probe.len, bytes, sizeof bytes);
        assert_int_equal(sip_echo_read(bytes, len, &probe, arrived, &arrived_len), 0);
        assert_int_equal(arrived_len, probe.len);
        assert_memory_equal(arrived, probe.text, probe.len);
    }
}

static void the_answer_to_another_probe_says_nothing(void **state)
{
    (void)state;
    struct sip_probe probe = make_probe();
    uint8_t bytes[2048];
    char arrived[SIP_PROBE_BYTES * 2];
    size_t arrived_len;
    static const char *const heads[] = {"SIP/2.0 200 OK\r\nCall-ID: 0000000000abcde0@192.168.77.2",
                                        "OPTIONS sip:x SIP/2.0\r\nCall-ID: 0000000000abcdef@192.168.77.2",
                                        "SIP/2.0 200 OK"};
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        size_t len = answer(heads[i], probe.text, probe.len, bytes, sizeof bytes);
        assert_int_equal(sip_echo_read(bytes, len, &probe, arrived, &arrived_len), -ENOENT);
    }
}

static void another_request_or_a_part_of_this_one_is_malformed(void **state)
{
    (void)state;
    struct sip_probe probe = make_probe(), other;
    uint8_t bytes[2048];
    char arrived[SIP_PROBE_BYTES * 2];
    size_t arrived_len;
    assert_int_equal(sip_probe_write(&other, SIP_INVITE, &local, &echo, 40000, 0xabcde0), 0);
    static const char head[] = "SIP/2.0 200 OK\r\nCall-ID: 0000000000abcdef@192.168.77.2";
    size_t len = answer(head, other.text, other.len, bytes, sizeof bytes);
    assert_int_equal(sip_echo_read(bytes, len, &probe, arrived, &arrived_len), -EBADMSG);
    len = answer(head, probe.text, probe.len - 1, bytes, sizeof bytes);
    assert_int_equal(sip_echo_read(bytes, len, &probe, arrived, &arrived_len), -EBADMSG);
}

static void a_body_that_is_no_echo_is_malformed(void **state)
{
    (void)state;
    struct sip_probe probe = make_probe();
    static const char *const answers[] = {"SIP/2.0 200 OK\r\nCall-ID: 0000000000abcdef@x\r\n\r\n",
                                          "SIP/2.0 404 No\r\nCall-ID: 0000000000abcdef@x\r\n\r\nv=0\r\n!!",
                                          "SIP/2.0 200 OK\r\nCall-ID: 0000000000abcdef@x\r\n\r\nQUJ"};
    char arrived[SIP_PROBE_BYTES * 2];
    size_t arrived_len;
    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        assert_int_equal(sip_echo_read((const uint8_t *)answers[i], strlen(answers[i]), &probe, arrived, &arrived_len),
                         -EBADMSG);
    uint8_t huge[8192];
    int head = snprintf((char *)huge, sizeof huge, "SIP/2.0 200 OK\r\nCall-ID: 0000000000abcdef@x\r\n\r\n");
    memset(huge + head, 'A', sizeof huge - (size_t)head);
    assert_int_equal(sip_echo_read(huge, sizeof huge, &probe, arrived, &arrived_len), -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_comes_back_as_it_arrived),
        cmocka_unit_test(the_answer_to_another_probe_says_nothing),
        cmocka_unit_test(another_request_or_a_part_of_this_one_is_malformed),
        cmocka_unit_test(a_body_that_is_no_echo_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
