/* What this host tells about two of its UDP ports: one that this test holds, and one that nobody does. */
#include "runner/host_ports.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct plan plan;
static struct host_ports ports;
static uint16_t held, unheld;
static int held_fd;

static int bind_somewhere(uint16_t *port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof name;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&name, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
    *port = ntohs(name.sin_port);
    return fd;
}

static void look(void)
{
    plan = (struct plan){.family = 4, .ports.count = 2};
    plan.ports.ranges[0] = (struct port_range){.first = held, .last = held, .transport = TRANSPORT_UDP};
    plan.ports.ranges[1] = (struct port_range){.first = unheld, .last = unheld, .transport = TRANSPORT_UDP};
    host_ports_look(&ports, &plan, clock_monotonic_us());
}

static void look_again(void)
{
    host_ports_release(&ports);
    look();
}

/* A port that no other run of these tests has just used. */
static int setup(void **state)
{
    (void)state;
    held_fd = bind_somewhere(&held);
    for (int tries = 0; tries < 20; tries++) {
        close(bind_somewhere(&unheld));
        look();
        if (ports.recent_path[0] == '\0' || (plan_is_silent(&plan, unheld) && !plan_is_probed(&plan, unheld)))
            return 0;
        host_ports_release(&ports);
    }
    return -1;
}

static int teardown(void **state)
{
    (void)state;
    host_ports_release(&ports);
    return close(held_fd);
}

static void a_held_port_has_an_owner_and_is_not_silent(void **state)
{
    (void)state;
    assert_non_null(host_ports_owner(&ports, held));
    assert_null(host_ports_owner(&ports, unheld));
    assert_false(plan_is_silent(&plan, held));
}

static void a_port_that_was_sent_from_is_silent_no_more(void **state)
{
    (void)state;
    if (ports.recent_path[0] == '\0')
        skip(); /* this user has no folder to remember in: then no port is silent at all */
    assert_true(plan_is_silent(&plan, unheld));
    host_ports_note(&ports, clock_monotonic_us());
    look_again();
    assert_false(plan_is_silent(&plan, unheld));
}

static void a_port_that_a_probe_left_from_is_marked(void **state)
{
    (void)state;
    if (ports.probes_path[0] == '\0')
        skip();
    assert_false(plan_is_probed(&plan, unheld));
    host_ports_probe(&ports, unheld);
    host_ports_note(&ports, clock_monotonic_us());
    look_again();
    assert_true(plan_is_probed(&plan, unheld));
    assert_false(plan_is_probed(&plan, held));
}

/* Before the PBX is stopped: its mappings live on, where those of a free port are none. */
static void what_is_held_now_is_remembered_alone(void **state)
{
    (void)state;
    if (ports.recent_path[0] == '\0')
        skip();
    assert_int_equal(host_ports_note_held(&plan, clock_monotonic_us()), 0);
    close(held_fd);
    look_again();
    assert_null(host_ports_owner(&ports, held));
    assert_false(plan_is_silent(&plan, held));
    assert_true(plan_is_silent(&plan, unheld));
    held_fd = bind_somewhere(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_held_port_has_an_owner_and_is_not_silent, setup, teardown),
        cmocka_unit_test_setup_teardown(a_port_that_was_sent_from_is_silent_no_more, setup, teardown),
        cmocka_unit_test_setup_teardown(a_port_that_a_probe_left_from_is_marked, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_held_now_is_remembered_alone, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
