#include "net/udp_packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static struct address parse(const char *text)
{
    struct address address;
    assert_int_equal(address_parse(text, &address), 0);
    return address;
}

/* RFC 1071 over pseudo header and datagram: a right checksum makes the sum all ones. */
static unsigned verify(const struct address *from, const struct address *to, const uint8_t *udp, size_t len)
{
    uint8_t bytes[256] = {0};
    size_t ip = from->family == 4 ? 4 : 16;
    uint32_t sum = 0;

    memcpy(bytes, from->ip, ip);
    memcpy(bytes + ip, to->ip, ip);
    bytes[2 * ip + 1] = 17;
    bytes[2 * ip + 3] = (uint8_t)len;
    memcpy(bytes + 2 * ip + 4, udp, len);
    for (size_t i = 0; i < 2 * ip + 4 + len; i += 2)
        sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static void test_known_packet(void **state)
{
    /* Checked with another implementation: 192.168.77.2:5060 -> 203.0.113.10:3478, "hello". */
    struct address from = parse("192.168.77.2:5060"), to = parse("203.0.113.10:3478");
    uint8_t out[64];

    (void)state;
    assert_int_equal(udp_packet_write(out, sizeof out, &from, &to, (const uint8_t *)"hello", 5), 13);
    const uint8_t expected[] = {0x13, 0xC4, 0x0D, 0x96, 0x00, 0x0D, 0x50, 0xF2, 'h', 'e', 'l', 'l', 'o'};
    assert_memory_equal(out, expected, sizeof expected);
}

static void test_checksum_holds_for_every_length(void **state)
{
    struct address from[] = {parse("192.168.77.2:5060"), parse("[2001:db8::1]:5060")};
    struct address to[] = {parse("203.0.113.10:3478"), parse("[2001:db8::ffff]:3478")};
    uint8_t payload[100], out[128];

    (void)state;
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 37 + 11);
    for (size_t family = 0; family < 2; family++)
        for (size_t len = 0; len <= sizeof payload; len++) {
            int total = udp_packet_write(out, sizeof out, &from[family], &to[family], payload, len);
            assert_int_equal(total, len + UDP_HEADER_BYTES);
            assert_int_equal(verify(&from[family], &to[family], out, (size_t)total), 0xffff);
            assert_true(out[6] != 0 || out[7] != 0);
        }
}

static void test_a_zero_checksum_goes_as_all_ones(void **state)
{
    struct address from = parse("192.168.77.2:5060"), to = parse("203.0.113.10:3478");
    uint8_t payload[2] = {0, 0}, out[16];

    (void)state;
    assert_int_equal(udp_packet_write(out, sizeof out, &from, &to, payload, 2), 10);
    memcpy(payload, out + 6, 2); /* a payload that is the checksum so far brings it to zero */
    assert_int_equal(udp_packet_write(out, sizeof out, &from, &to, payload, 2), 10);
    assert_int_equal(out[6] << 8 | out[7], 0xffff);
}

static void test_too_long_is_refused(void **state)
{
    struct address from = parse("192.168.77.2:5060"), to = parse("203.0.113.10:3478");
    uint8_t payload[8] = {0}, out[12];

    (void)state;
    assert_int_equal(udp_packet_write(out, sizeof out, &from, &to, payload, 5), -EMSGSIZE);
}

static void test_reads_behind_ip_options(void **state)
{
    uint8_t bytes[24 + 8 + 3] = {0x46};
    struct udp_packet packet;

    (void)state;
    bytes[24] = 0x0D, bytes[25] = 0x96, bytes[26] = 0x13, bytes[27] = 0xC4, bytes[29] = 11;
    bytes[32] = 'a', bytes[33] = 'b', bytes[34] = 'c';
    assert_int_equal(udp_packet_read(4, bytes, sizeof bytes, &packet), 0);
    assert_int_equal(packet.from_port, 3478);
    assert_int_equal(packet.to_port, 5060);
    assert_int_equal(packet.len, 3);
    assert_memory_equal(packet.payload, "abc", 3);
    for (size_t len = 0; len < sizeof bytes; len++)
        assert_int_equal(udp_packet_read(4, bytes, len, &packet), -EBADMSG);
}

static void test_reads_v6_without_ip_header(void **state)
{
    const uint8_t bytes[] = {0x0D, 0x96, 0x13, 0xC4, 0, 9, 0, 0, 'x'};
    struct udp_packet packet;

    (void)state;
    assert_int_equal(udp_packet_read(6, bytes, sizeof bytes, &packet), 0);
    assert_int_equal(packet.to_port, 5060);
    assert_int_equal(packet.len, 1);
    assert_int_equal(udp_packet_read(6, bytes, sizeof bytes - 1, &packet), -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_packet),
        cmocka_unit_test(test_checksum_holds_for_every_length),
        cmocka_unit_test(test_a_zero_checksum_goes_as_all_ones),
        cmocka_unit_test(test_too_long_is_refused),
        cmocka_unit_test(test_reads_behind_ip_options),
        cmocka_unit_test(test_reads_v6_without_ip_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
