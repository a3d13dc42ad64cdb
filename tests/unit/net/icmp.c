#include "net/icmp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

/* ICMP admin-prohibited from 10.0.0.1 about a datagram 192.168.77.2:5060 -> 203.0.113.10:3478. */
static const uint8_t v4_error[] = {
    0x45, 0, 0, 56, 0, 0, 0, 0, 64, 1,  0, 0, 10,  0,   0,  1, 192, 168, 77,  2,  3,    13,   0,    0,    0, 0, 0, 0,
    0x45, 0, 0, 96, 0, 0, 0, 0, 64, 17, 0, 0, 192, 168, 77, 2, 203, 0,   113, 10, 0x13, 0xC4, 0x0D, 0x96, 0, 8, 0, 0};

static void test_reads_embedded_ports(void **state)
{
    struct icmp_error error;
    struct address expected;

    (void)state;
    assert_int_equal(icmp_read_v4(v4_error, sizeof v4_error, &error), 0);
    assert_int_equal(error.cause, ICMP_CAUSE_ADMIN_PROHIBITED);
    assert_int_equal(error.local_port, 5060);
    assert_int_equal(address_parse("203.0.113.10:3478", &expected), 0);
    assert_true(address_equal(&error.to, &expected));
}

static void test_cut_short_at_every_length(void **state)
{
    struct icmp_error error;

    (void)state;
    for (size_t len = 0; len < sizeof v4_error - 4; len++)
        assert_int_not_equal(icmp_read_v4(v4_error, len, &error), 0);
}

static void test_ignores_other_protocols_and_types(void **state)
{
    struct icmp_error error;
    uint8_t bytes[sizeof v4_error];

    (void)state;
    memcpy(bytes, v4_error, sizeof bytes);
    bytes[37] = 6; /* about a TCP segment */
    assert_int_equal(icmp_read_v4(bytes, sizeof bytes, &error), -ENOENT);
    memcpy(bytes, v4_error, sizeof bytes);
    bytes[20] = 11; /* time exceeded */
    assert_int_equal(icmp_read_v4(bytes, sizeof bytes, &error), -ENOENT);
}

static void test_reads_v6(void **state)
{
    uint8_t bytes[8 + 40 + 8] = {1, 4};
    struct icmp_error error;

    (void)state;
    bytes[8] = 0x60;
    bytes[8 + 6] = 17;
    bytes[8 + 24] = 0xfd;
    bytes[8 + 39] = 0x01;
    bytes[48] = 0x13, bytes[49] = 0xC4, bytes[50] = 0x0D, bytes[51] = 0x96;
    assert_int_equal(icmp_read_v6(bytes, sizeof bytes, &error), 0);
    assert_int_equal(error.cause, ICMP_CAUSE_PORT_UNREACHABLE);
    assert_int_equal(error.local_port, 5060);
    assert_int_equal(error.to.family, 6);
    assert_int_equal(error.to.port, 3478);
    assert_int_equal(error.to.ip[0], 0xfd);
    assert_int_equal(icmp_read_v6(bytes, 51, &error), -EBADMSG);
}

static void test_causes(void **state)
{
    static const struct {
        uint8_t family, type, code;
        int cause; /* -1: not an error of ours */
    } rows[] = {
        {4, 3, 0, ICMP_CAUSE_NO_ROUTE},
        {4, 3, 1, ICMP_CAUSE_NO_ROUTE},
        {4, 3, 3, ICMP_CAUSE_PORT_UNREACHABLE},
        {4, 3, 9, ICMP_CAUSE_ADMIN_PROHIBITED},
        {4, 3, 10, ICMP_CAUSE_ADMIN_PROHIBITED},
        {4, 3, 13, ICMP_CAUSE_ADMIN_PROHIBITED},
        {4, 3, 4, -1},
        {4, 5, 0, -1},
        {6, 1, 0, ICMP_CAUSE_NO_ROUTE},
        {6, 1, 1, ICMP_CAUSE_ADMIN_PROHIBITED},
        {6, 1, 3, ICMP_CAUSE_NO_ROUTE},
        {6, 1, 4, ICMP_CAUSE_PORT_UNREACHABLE},
        {6, 1, 5, ICMP_CAUSE_ADMIN_PROHIBITED},
        {6, 2, 0, -1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum icmp_cause cause;
        int rc = rows[i].family == 4 ? icmp_cause_v4(rows[i].type, rows[i].code, &cause)
                                     : icmp_cause_v6(rows[i].type, rows[i].code, &cause);
        assert_int_equal(rc == 0 ? (int)cause : -1, rows[i].cause);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_embedded_ports),
        cmocka_unit_test(test_cut_short_at_every_length),
        cmocka_unit_test(test_ignores_other_protocols_and_types),
        cmocka_unit_test(test_reads_v6),
        cmocka_unit_test(test_causes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
