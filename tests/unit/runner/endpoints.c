#include "runner/endpoints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

static int open_null(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static void test_sockets_are_found_and_closed(void **state)
{
    struct endpoints *endpoints = endpoints_create();
    int port_fd = open_null(), far_fd = open_null();

    (void)state;
    assert_int_equal(endpoints_add(endpoints, 5060, port_fd), 0);
    assert_int_equal(endpoints_add(endpoints, 65536 + 100000, far_fd), 0);
    assert_int_equal(endpoints_fd(endpoints, 5060), port_fd);
    assert_int_equal(endpoints_fd(endpoints, 65536 + 100000), far_fd);
    assert_int_equal(endpoints_fd(endpoints, 5061), -1);
    assert_int_equal(endpoints_fd(endpoints, UINT32_MAX), -1);
    endpoints_remove(endpoints, 5060);
    assert_int_equal(endpoints_fd(endpoints, 5060), -1);
    assert_false(is_open(port_fd));
    endpoints_destroy(endpoints);
    assert_false(is_open(far_fd));
}

static void test_live_endpoints_have_no_socket(void **state)
{
    struct endpoints *endpoints = endpoints_create();

    (void)state;
    assert_false(endpoints_is_live(endpoints, 65535));
    endpoints_add_live(endpoints, 65535);
    assert_true(endpoints_is_live(endpoints, 65535));
    assert_int_equal(endpoints_fd(endpoints, 65535), -1);
    endpoints_remove(endpoints, 65535);
    assert_false(endpoints_is_live(endpoints, 65535));
    endpoints_destroy(endpoints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sockets_are_found_and_closed),
        cmocka_unit_test(test_live_endpoints_have_no_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
