#include "sip/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static const struct address local = {.family = 4, .port = 5060, .ip = {192, 168, 77, 2}};
static const struct address echo = {.family = 4, .port = 5060, .ip = {203, 0, 113, 10}};

static void the_private_address_stands_wherever_an_alg_looks(void **state)
{
    (void)state;
    struct sip_probe probe;
    assert_int_equal(sip_probe_write(&probe, SIP_INVITE, &local, &echo, 40000, 0x1234), 0);
    static const char *const lines[] = {"INVITE sip:echo@203.0.113.10 SIP/2.0\r\n",
                                        "\r\nVia: SIP/2.0/UDP 192.168.77.2:5060;branch=z9hG4bK",
                                        "\r\nFrom: <sip:natsweep@192.168.77.2>",
                                        "\r\nContact: <sip:natsweep@192.168.77.2:5060>\r\n",
                                        "\r\nCall-ID: 0000000000001234@192.168.77.2\r\n",
                                        "\r\no=natsweep 1 1 IN IP4 192.168.77.2\r\n",
                                        "\r\nc=IN IP4 192.168.77.2\r\n",
                                        "\r\nm=audio 40000 RTP/AVP 0\r\n"};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        assert_non_null(strstr(probe.text, lines[i]));
}

static void content_length_is_the_length_of_the_body(void **state)
{
    (void)state;
    for (int method = 0; method < SIP_METHODS; method++) {
        struct sip_probe probe;
        assert_int_equal(sip_probe_write(&probe, (enum sip_method)method, &local, &echo, 40000, 1), 0);
        const char *body = strstr(probe.text, "\r\n\r\n") + 4;
        const char *length = strstr(probe.text, "Content-Length: ");
        assert_int_equal(strtoul(length + 16, NULL, 10), probe.len - (size_t)(body - probe.text));
        assert_int_equal(strlen(body) > 0, method == SIP_INVITE);
    }
}

static void the_longest_addresses_fit(void **state)
{
    (void)state;
    struct address long_local, long_echo;
    struct sip_probe probe;
    assert_int_equal(address_parse("[2001:db88:1111:2222:3333:4444:5555:6666]:65535", &long_local), 0);
    assert_int_equal(address_parse("[2001:db88:1111:2222:3333:4444:5555:7777]:65535", &long_echo), 0);
    assert_int_equal(sip_probe_write(&probe, SIP_INVITE, &long_local, &long_echo, 65535, UINT64_MAX), 0);
    assert_non_null(strstr(probe.text, "Via: SIP/2.0/UDP [2001:db88:"));
    assert_non_null(strstr(probe.text, "c=IN IP6 2001:db88:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_private_address_stands_wherever_an_alg_looks),
        cmocka_unit_test(content_length_is_the_length_of_the_body),
        cmocka_unit_test(the_longest_addresses_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
