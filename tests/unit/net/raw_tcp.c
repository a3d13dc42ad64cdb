/* Needs CAP_NET_RAW; without it the tests are skipped, visibly. */
#include "net/raw_tcp.h"

#include "net/tcp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_or_skip(uint8_t family)
{
    int fd = raw_tcp_open(family);
    if (fd == -EPERM)
        skip();
    assert_true(fd >= 0);
    return fd;
}

/* Reads SYNs, this test's and other programs', until the one for `port` comes. */
static struct address await_syn(int fd, uint8_t family, uint16_t port)
{
    struct pollfd item = {.fd = fd, .events = POLLIN};
    for (;;) {
        struct address from;
        uint16_t asked;
        assert_int_equal(poll(&item, 1, 10000), 1);
        int rc = raw_tcp_receive(fd, family, &from, &asked);
        if (rc == 0 && asked == port)
            return from;
        assert_true(rc == 0 || rc == -EAGAIN || rc == -EBADMSG);
    }
}

static struct address name_of(int fd)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof name;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
    return address_from_sockaddr((struct sockaddr *)&name);
}

static void check_syn(const struct address *loopback, bool listening)
{
    int raw = open_or_skip(loopback->family);
    int listener = tcp_socket_listen(loopback);
    assert_true(listener >= 0);
    struct address here = name_of(listener);
    if (!listening)
        close(listener);
    int client = tcp_socket_connect(loopback, &here);
    struct address from = await_syn(raw, loopback->family, here.port);
    assert_true(address_same_ip(&from, loopback));
    assert_int_not_equal(from.port, 0);
    if (client >= 0)
        close(client);
    if (listening)
        close(listener);
    close(raw);
}

static void a_syn_is_seen_whether_a_program_listens_or_not(void **state)
{
    (void)state;
    static const struct address v4 = {.family = 4, .ip = {127, 0, 0, 1}};
    check_syn(&v4, true);
    check_syn(&v4, false);
}

static void a_syn_over_ipv6_is_seen_too(void **state)
{
    (void)state;
    static const struct address v6 = {.family = 6, .ip = {[15] = 1}};
    int probe = tcp_socket_listen(&v6);
    if (probe < 0)
        skip(); /* this host has no IPv6 loopback */
    close(probe);
    check_syn(&v6, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn_is_seen_whether_a_program_listens_or_not),
        cmocka_unit_test(a_syn_over_ipv6_is_seen_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
