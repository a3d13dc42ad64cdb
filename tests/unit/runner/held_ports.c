#include "runner/held_ports.h"

#include "net/tcp_socket.h"
#include "net/udp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct address loopback = {.family = 4, .ip = {127, 0, 0, 1}};

/* A report of the held port, twice: tested live and bound. */
static struct report *report_of(enum transport transport, uint16_t port)
{
    struct report *report = report_create(2, 0);
    assert_non_null(report);
    for (int i = 0; i < 2; i++) {
        report->ports[i].port = port;
        report->ports[i].transport = (uint8_t)transport;
        report->ports[i].live = i == 0;
    }
    return report;
}

static void check_named(enum transport transport, int fd)
{
    struct port_owner_table *owners = NULL;
    uint16_t port = 0;
    assert_true(fd >= 0);
    assert_int_equal(udp_socket_port(fd, &port), 0);
    assert_int_equal(port_owner_table_read("/proc", transport, &owners), 0);
    struct report *report = report_of(transport, port);

    held_ports_name(owners, transport == TRANSPORT_UDP ? TRANSPORT_TCP : TRANSPORT_UDP, report);
    assert_null(report->ports[0].owner);
    held_ports_name(NULL, transport, report);
    assert_null(report->ports[0].owner);
    held_ports_name(owners, transport, report);
    assert_non_null(report->ports[0].owner);
    assert_int_equal(report->ports[0].owner->pid, getpid());
    assert_null(report->ports[1].owner);

    report_free(report);
    port_owner_table_free(owners);
    close(fd);
}

static void test_the_holder_of_a_live_udp_port_is_named(void **state)
{
    (void)state;
    check_named(TRANSPORT_UDP, udp_socket_open(&loopback));
}

static void test_the_holder_of_a_live_tcp_port_is_named(void **state)
{
    (void)state;
    check_named(TRANSPORT_TCP, tcp_socket_listen(&loopback));
}

static void test_a_port_that_nobody_holds_has_no_owner(void **state)
{
    (void)state;
    struct port_owner_table *owners = NULL;
    uint16_t port = 0;
    int fd = udp_socket_open(&loopback);
    assert_true(fd >= 0);
    assert_int_equal(udp_socket_port(fd, &port), 0);
    close(fd);
    assert_int_equal(port_owner_table_read("/proc", TRANSPORT_UDP, &owners), 0);
    struct report *report = report_of(TRANSPORT_UDP, port);
    held_ports_name(owners, TRANSPORT_UDP, report);
    assert_null(report->ports[0].owner);
    report_free(report);
    port_owner_table_free(owners);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_holder_of_a_live_udp_port_is_named),
        cmocka_unit_test(test_the_holder_of_a_live_tcp_port_is_named),
        cmocka_unit_test(test_a_port_that_nobody_holds_has_no_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
