#include "runner/ephemeral.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

static const struct address loopback = {.family = 4, .ip = {127, 0, 0, 1}};

static uint16_t port_beside(const char *list)
{
    static struct plan plan; /* large */
    char message[PORT_LIST_MESSAGE_BYTES];
    uint16_t port = 0;

    assert_int_equal(port_list_parse(list, &plan.ports, message), 0);
    int fd = ephemeral_open(&plan, &loopback, &port);
    assert_true(fd >= 0);
    close(fd);
    return port;
}

static void test_a_port_of_the_plan_is_avoided(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 50; i++) /* few are left */
        assert_in_range(port_beside("1-9989/udp,10000-65535/udp"), 9990, 9999);
}

static void test_tcp_ports_of_the_plan_are_free_to_use(void **state)
{
    (void)state;
    assert_true(port_beside("1-65535/tcp") > 0);
}

static void test_a_plan_of_all_ports_still_gets_one(void **state)
{
    (void)state;
    assert_true(port_beside("1-65535/udp") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_port_of_the_plan_is_avoided),
        cmocka_unit_test(test_tcp_ports_of_the_plan_are_free_to_use),
        cmocka_unit_test(test_a_plan_of_all_ports_still_gets_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
