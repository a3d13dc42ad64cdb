/* The TCP runner against servers on loopback that do not do their part: how each shows in the report. */
#include "runner/tcp_runner.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LOOPBACK                                                                                                       \
    {                                                                                                                  \
        127, 0, 0, 1                                                                                                   \
    }

static struct bed {
    struct plan plan;
    struct report *report;
    struct address server;
    struct runner_hooks hooks;
    int listen_fd;
    bool cancelled, answered;
} bed;

/* A server whose kernel takes connections; nobody reads or answers. */
static void listen_somewhere(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof name;
    bed.listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(bed.listen_fd >= 0);
    assert_int_equal(bind(bed.listen_fd, (const struct sockaddr *)&name, len), 0);
    assert_int_equal(listen(bed.listen_fd, 4), 0);
    assert_int_equal(getsockname(bed.listen_fd, (struct sockaddr *)&name, &len), 0);
    bed.server = (struct address){.family = 4, .port = ntohs(name.sin_port), .ip = LOOPBACK};
}

static int setup(void **state)
{
    (void)state;
    bed = (struct bed){.plan = {.family = 4, .seed = 7, .user = "1:agent", .password = "secret"}};
    bed.plan.local_address = (struct address){.family = 4, .ip = LOOPBACK};
    bed.hooks.cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    bed.report = report_create(2, 0);
    assert_non_null(bed.report);
    bed.report->ports[0] = (struct port_result){.port = 5060, .transport = TRANSPORT_UDP, .verdict = VERDICT_PASS};
    bed.report->ports[1] = (struct port_result){.port = 5061, .transport = TRANSPORT_TCP};
    listen_somewhere();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_int_equal(bed.report->ports[0].verdict, VERDICT_PASS); /* UDP is none of its business */
    report_free(bed.report);
    close(bed.hooks.cancel_fd);
    return close(bed.listen_fd);
}

static const struct port_result *run(void)
{
    assert_int_equal(tcp_runner_run(&bed.plan, &bed.server, &bed.hooks, bed.report, &bed.cancelled, &bed.answered), 0);
    return &bed.report->ports[1];
}

static void a_server_that_refuses_is_said_so(void **state)
{
    (void)state;
    assert_int_equal(shutdown(bed.listen_fd, SHUT_RDWR), 0); /* keeps the port and turns everybody away */
    const struct port_result *result = run();
    assert_int_equal(result->verdict, VERDICT_UNREACHABLE);
    assert_int_equal(result->reason, REASON_PORT_UNREACHABLE);
    assert_int_equal(result->reached, TRI_NO);
    assert_false(bed.answered);
    assert_false(bed.cancelled);
}

static void a_cancel_ends_the_wait_for_a_silent_server(void **state)
{
    (void)state;
    assert_int_equal(eventfd_write(bed.hooks.cancel_fd, 1), 0);
    const struct port_result *result = run();
    assert_int_equal(result->verdict, VERDICT_NOT_TESTED);
    assert_int_equal(result->reason, REASON_CANCELLED);
    assert_true(bed.cancelled);
    assert_false(bed.answered);
}

/* What epoll is open, which is the runner's own, is closed under it. */
static void close_epoll(void *argument, const struct sweep_progress *progress)
{
    (void)argument;
    (void)progress;
    for (int fd = 3; fd < 64; fd++) {
        char path[32], target[32] = {0};
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if (readlink(path, target, sizeof target - 1) > 0 && strcmp(target, "anon_inode:[eventpoll]") == 0)
            close(fd);
    }
}

static void a_loop_that_breaks_leaves_the_ports_untested(void **state)
{
    (void)state;
    bed.hooks.progress = close_epoll;
    int rc = tcp_runner_run(&bed.plan, &bed.server, &bed.hooks, bed.report, &bed.cancelled, &bed.answered);
    assert_int_equal(rc, -EBADF);
    assert_int_equal(bed.report->ports[1].verdict, VERDICT_NOT_TESTED);
    assert_int_equal(bed.report->ports[1].reason, REASON_LOCAL_ERROR);
}

static void a_report_without_tcp_ports_stays_as_it_is(void **state)
{
    (void)state;
    bed.report->port_count = 1;
    assert_int_equal(shutdown(bed.listen_fd, SHUT_RDWR), 0);
    run();
    assert_false(bed.answered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_server_that_refuses_is_said_so, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cancel_ends_the_wait_for_a_silent_server, setup, teardown),
        cmocka_unit_test_setup_teardown(a_loop_that_breaks_leaves_the_ports_untested, setup, teardown),
        cmocka_unit_test_setup_teardown(a_report_without_tcp_ports_stays_as_it_is, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
