#include "net/udp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 5000

static struct address loopback(uint8_t family, uint16_t port)
{
    struct address address;
    assert_int_equal(address_parse(family == 4 ? "127.0.0.1" : "::1", &address), 0);
    address.port = port;
    return address;
}

static int open_loopback(uint8_t family, struct address *name)
{
    *name = loopback(family, 0);
    int fd = udp_socket_open(name);
    assert_true(fd >= 0);
    assert_int_equal(udp_socket_port(fd, &name->port), 0);
    return fd;
}

static void wait_for(int fd, short events)
{
    struct pollfd ready = {.fd = fd, .events = events};
    assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
}

static void check_exchange(uint8_t family)
{
    struct address a_name, b_name, from;
    int a = open_loopback(family, &a_name), b = open_loopback(family, &b_name);
    uint8_t bytes[16];
    size_t len;

    assert_int_equal(udp_socket_receive(b, &from, bytes, sizeof bytes, &len), -EAGAIN);
    assert_int_equal(udp_socket_send(a, &b_name, (const uint8_t *)"ping", 4), 0);
    wait_for(b, POLLIN);
    assert_int_equal(udp_socket_receive(b, &from, bytes, sizeof bytes, &len), 0);
    assert_int_equal(len, 4);
    assert_memory_equal(bytes, "ping", 4);
    assert_true(address_equal(&from, &a_name));
    close(a);
    close(b);
}

static void test_exchange_v4(void **state)
{
    (void)state;
    check_exchange(4);
}

static void test_exchange_v6(void **state)
{
    struct address v6 = loopback(6, 0);

    (void)state;
    int fd = udp_socket_open(&v6);
    if (fd == -EADDRNOTAVAIL || fd == -EAFNOSUPPORT)
        skip(); /* a host without IPv6 */
    close(fd);
    check_exchange(6);
}

static void test_a_held_port_is_in_use(void **state)
{
    struct address name;
    int fd = open_loopback(4, &name);

    (void)state;
    assert_int_equal(udp_socket_open(&name), -EADDRINUSE);
    name = (struct address){.family = 4, .port = name.port}; /* every address */
    assert_int_equal(udp_socket_open(&name), -EADDRINUSE);
    close(fd);
}

static void test_port_unreachable_is_told(void **state)
{
    struct address name, gone;
    int fd = open_loopback(4, &name), other = open_loopback(4, &gone);
    struct icmp_error error;

    (void)state;
    close(other); /* nobody listens there now */
    assert_int_equal(udp_socket_receive_icmp(fd, &error), -EAGAIN);
    assert_int_equal(udp_socket_send(fd, &gone, (const uint8_t *)"x", 1), 0);
    wait_for(fd, 0);                                                          /* POLLERR */
    assert_int_equal(udp_socket_send(fd, &gone, (const uint8_t *)"x", 1), 0); /* the old error is not this packet's */
    assert_int_equal(udp_socket_receive_icmp(fd, &error), 0);
    assert_int_equal(error.cause, ICMP_CAUSE_PORT_UNREACHABLE);
    assert_int_equal(error.local_port, name.port);
    assert_true(address_equal(&error.to, &gone));
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchange_v4),
        cmocka_unit_test(test_exchange_v6),
        cmocka_unit_test(test_a_held_port_is_in_use),
        cmocka_unit_test(test_port_unreachable_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
