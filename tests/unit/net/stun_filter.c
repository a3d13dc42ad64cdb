#include "net/stun_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel runs the real program over messages of a local socket pair: no privilege needed. */
struct pair {
    int in, out;
};

static struct pair open_pair(uint8_t family)
{
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
    assert_int_equal(stun_filter_attach(fds[1], family), 0);
    return (struct pair){fds[0], fds[1]};
}

static bool passes(uint8_t family, const uint8_t *bytes, size_t len)
{
    struct pair pair = open_pair(family);
    uint8_t got[128];
    (void)send(pair.in, bytes, len, 0);
    ssize_t count = recv(pair.out, got, sizeof got, MSG_DONTWAIT);
    close(pair.in);
    close(pair.out);
    assert_true(count < 0 || (size_t)count == len);
    return count > 0;
}

static size_t write_packet(uint8_t *out, size_t ip_header, const uint8_t cookie[4])
{
    memset(out, 0, ip_header + 28);
    if (ip_header)
        out[0] = (uint8_t)(0x40 | ip_header / 4);
    memcpy(out + ip_header + 8 + 4, cookie, 4);
    return ip_header + 28;
}

static const uint8_t cookie[4] = {0x21, 0x12, 0xA4, 0x42}, rtp[4] = {0x80, 0, 0, 1};

static void test_v4_passes_stun_only(void **state)
{
    uint8_t bytes[128];

    (void)state;
    assert_true(passes(4, bytes, write_packet(bytes, 20, cookie)));
    assert_true(passes(4, bytes, write_packet(bytes, 24, cookie))); /* with IP options */
    assert_false(passes(4, bytes, write_packet(bytes, 20, rtp)));
    size_t len = write_packet(bytes, 20, cookie);
    assert_false(passes(4, bytes, len - 17)); /* too short to hold a cookie */
}

static void test_v6_passes_stun_only(void **state)
{
    uint8_t bytes[128];

    (void)state;
    assert_true(passes(6, bytes, write_packet(bytes, 0, cookie)));
    assert_false(passes(6, bytes, write_packet(bytes, 0, rtp)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_v4_passes_stun_only),
        cmocka_unit_test(test_v6_passes_stun_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
