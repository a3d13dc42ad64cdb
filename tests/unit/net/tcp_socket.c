#include "net/tcp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct address loopback = {.family = 4, .ip = {127, 0, 0, 1}};

static struct address name_of(int fd)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof name;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
    return address_from_sockaddr((struct sockaddr *)&name);
}

static void wait_for(int fd, short events)
{
    struct pollfd item = {.fd = fd, .events = events};
    assert_int_equal(poll(&item, 1, 10000), 1);
}

static void a_connection_is_taken_and_turned_away(void **state)
{
    (void)state;
    int listener = tcp_socket_listen(&loopback);
    assert_true(listener >= 0);
    struct address here = name_of(listener), from;
    assert_int_equal(tcp_socket_turn_away(listener, &from), -EAGAIN);
    int fd = tcp_socket_connect(&loopback, &here);
    assert_true(fd >= 0);
    wait_for(fd, POLLOUT);
    assert_int_equal(tcp_socket_error(fd), 0);
    wait_for(listener, POLLIN);
    assert_int_equal(tcp_socket_turn_away(listener, &from), 0);
    struct address client = name_of(fd);
    assert_true(address_equal(&from, &client));
    char byte;
    wait_for(fd, POLLIN);
    assert_int_equal(recv(fd, &byte, 1, 0), 0);
    close(fd);
    close(listener);
}

static void a_port_that_a_program_listens_at_is_in_use(void **state)
{
    (void)state;
    int holder = tcp_socket_listen(&loopback);
    struct address here = name_of(holder);
    assert_int_equal(tcp_socket_listen(&here), -EADDRINUSE);
    close(holder);
    int freed = tcp_socket_listen(&here);
    assert_true(freed >= 0);
    close(freed);
}

static void a_refused_connection_says_so(void **state)
{
    (void)state;
    int listener = tcp_socket_listen(&loopback);
    struct address nobody = name_of(listener);
    close(listener);
    int fd = tcp_socket_connect(&loopback, &nobody);
    if (fd < 0) { /* loopback may know at once */
        assert_int_equal(fd, -ECONNREFUSED);
        return;
    }
    wait_for(fd, POLLOUT);
    assert_int_equal(tcp_socket_error(fd), ECONNREFUSED);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_is_taken_and_turned_away),
        cmocka_unit_test(a_port_that_a_program_listens_at_is_in_use),
        cmocka_unit_test(a_refused_connection_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
