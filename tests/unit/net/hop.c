/* A router that drops a packet is tested in the lab; here is what else a socket's error queue may hold. */
#include "net/hop.h"

#include "net/udp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static void the_limit_is_set(void **state)
{
    (void)state;
    struct address any = {.family = 4};
    int fd = udp_socket_open(&any), limit = 0;
    socklen_t len = sizeof limit;
    assert_int_equal(hop_limit(fd, 4, 2), 0);
    assert_int_equal(getsockopt(fd, IPPROTO_IP, IP_TTL, &limit, &len), 0);
    assert_int_equal(limit, 2);
    assert_int_equal(hop_limit(fd, 4, 1000), -EINVAL);
    close(fd);
}

static void another_error_is_no_router(void **state)
{
    (void)state;
    struct address local = {.family = 4, .ip = {127, 0, 0, 1}}, gone = local, router;
    int fd = udp_socket_open(&local), other = udp_socket_open(&gone);
    struct pollfd ready = {.fd = fd};
    assert_int_equal(udp_socket_port(other, &gone.port), 0);
    close(other);
    assert_int_equal(hop_receive(fd, &router), -EAGAIN);
    assert_int_equal(udp_socket_send(fd, &gone, (const uint8_t *)"x", 1), 0);
    assert_int_equal(poll(&ready, 1, 5000), 1);
    assert_int_equal(hop_receive(fd, &router), -ENOENT); /* port unreachable */
    assert_int_equal(hop_receive(fd, &router), -EAGAIN);
    close(fd);
}

static void an_answer_tells_how_many_routers_it_passed(void **state)
{
    static const struct {
        int limit;
        unsigned routers;
    } answers[] = {{64, 0}, {63, 1}, {60, 4}, {128, 0}, {127, 1}, {65, 63}, {255, 0}, {254, 1}, {1, 63}};
    static const char *const loopbacks[] = {"127.0.0.1", "::1"};
    (void)state;
    for (size_t family = 0; family < ARRAY_LEN(loopbacks); family++) {
        struct address near, far, from;
        unsigned routers;
        assert_int_equal(address_parse(loopbacks[family], &near), 0);
        far = near;
        int fd = udp_socket_open(&near), other = udp_socket_open(&far);
        if (fd == -EADDRNOTAVAIL || fd == -EAFNOSUPPORT)
            continue;
        assert_int_equal(udp_socket_port(fd, &near.port), 0);
        assert_int_equal(udp_socket_port(other, &far.port), 0);
        assert_int_equal(hop_limit(fd, near.family, 2), 0);
        assert_int_equal(hop_receive_answer(fd, &from, &routers), -EAGAIN);
        for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
            assert_int_equal(hop_limit(other, near.family, (unsigned)answers[i].limit), 0);
            assert_int_equal(udp_socket_send(other, &near, (const uint8_t *)"x", 1), 0);
            assert_int_equal(hop_receive_answer(fd, &from, &routers), 0);
            assert_true(address_equal(&from, &far));
            assert_int_equal(routers, answers[i].routers);
        }
        close(fd);
        close(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_is_set),
        cmocka_unit_test(another_error_is_no_router),
        cmocka_unit_test(an_answer_tells_how_many_routers_it_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
