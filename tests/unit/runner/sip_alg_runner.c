/* When the SIP ALG test is made and what it does to the host; what it finds is tested in the lab. */
#include "runner/sip_alg_runner.h"

#include "base/clock.h"
#include "net/udp_socket.h"
#include "sip/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const struct runner_hooks no_hooks = {.cancel_fd = -1};

/* An echo at a port of this host's own where nobody answers. */
static struct plan make_plan(int *fd)
{
    struct plan plan = {.family = 4, .timeout_us = 50000, .sip_echo = {.name = "echo.example"}};
    struct address *echo = &plan.sip_echo.address;
    *echo = (struct address){.family = 4, .ip = {127, 0, 0, 3}};
    *fd = udp_socket_open(echo);
    assert_true(*fd >= 0);
    assert_int_equal(udp_socket_port(*fd, &echo->port), 0);
    return plan;
}

static void assert_warned(const struct report *report, const char *code)
{
    assert_int_equal(report->nat.sip_alg, TRI_UNKNOWN);
    for (size_t i = 0; i < report->warning_count; i++)
        if (strcmp(report->warnings[i].code, code) == 0)
            return;
    fail_msg("no warning %s", code);
}

static size_t count_datagrams(int fd)
{
    uint8_t bytes[2048];
    struct address from;
    size_t len, count = 0;
    while (udp_socket_receive(fd, &from, bytes, sizeof bytes, &len) == 0)
        count++;
    return count;
}

static void no_echo_no_test(void **state)
{
    (void)state;
    struct plan plan = {.family = 4};
    struct report *report = report_create(0, 0);
    bool cancelled = true;
    assert_int_equal(sip_alg_runner_run(&plan, &no_hooks, report, &cancelled), 0);
    assert_false(cancelled);
    assert_int_equal(report->warning_count, 0);
    report_free(report);
}

static void an_echo_without_address_is_said(void **state)
{
    (void)state;
    struct plan plan = {.family = 4, .sip_echo = {.name = "echo.invalid"}};
    struct report *report = report_create(0, 0);
    bool cancelled;
    assert_int_equal(sip_alg_runner_run(&plan, &no_hooks, report, &cancelled), 0);
    assert_warned(report, "sip_echo_unresolved");
    report_free(report);
}

static void the_second_address_is_never_sent_to(void **state)
{
    (void)state;
    int fd;
    struct plan plan = make_plan(&fd);
    struct report *report = report_create(0, 0);
    bool cancelled;
    report->server_other_address = plan.sip_echo.address;
    report->server_other_address.port = 3479;
    assert_int_equal(sip_alg_runner_run(&plan, &no_hooks, report, &cancelled), 0);
    assert_warned(report, "sip_echo_on_second_address");
    assert_int_equal(count_datagrams(fd), 0);
    close(fd);
    report_free(report);
}

static void silence_ends_with_a_warning(void **state)
{
    (void)state;
    int fd;
    struct plan plan = make_plan(&fd);
    struct report *report = report_create(0, 0);
    bool cancelled;
    assert_int_equal(sip_alg_runner_run(&plan, &no_hooks, report, &cancelled), 0);
    assert_false(cancelled);
    assert_warned(report, "sip_echo_silent");
    assert_true(count_datagrams(fd) >= SIP_METHODS);
    close(fd);
    report_free(report);
}

static void a_cancel_ends_it_at_once(void **state)
{
    (void)state;
    int fd;
    struct plan plan = make_plan(&fd);
    struct report *report = report_create(0, 0);
    struct runner_hooks hooks = {.cancel_fd = eventfd(1, EFD_CLOEXEC)};
    bool cancelled = false;
    plan.timeout_us = 60000000;
    assert_int_equal(sip_alg_runner_run(&plan, &hooks, report, &cancelled), 0);
    assert_true(cancelled);
    assert_int_equal(report->warning_count, 0);
    close(hooks.cancel_fd);
    close(fd);
    report_free(report);
}

static void the_deadline_ends_it(void **state)
{
    (void)state;
    int fd;
    struct plan plan = make_plan(&fd);
    struct report *report = report_create(0, 0);
    bool cancelled;
    plan.timeout_us = 60000000;
    plan.ports_until_us = clock_monotonic_us() + 200000;
    assert_int_equal(sip_alg_runner_run(&plan, &no_hooks, report, &cancelled), 0);
    assert_warned(report, "sip_alg_not_tested");
    assert_int_equal(report->warning_count, 1);
    assert_false(cancelled);
    (void)count_datagrams(fd);
    report_free(report);
    report = report_create(0, 0);
    assert_int_equal(sip_alg_runner_run(&plan, &no_hooks, report, &cancelled), 0);
    assert_warned(report, "sip_alg_not_tested");
    assert_int_equal(count_datagrams(fd), 0);
    close(fd);
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_echo_no_test),
        cmocka_unit_test(an_echo_without_address_is_said),
        cmocka_unit_test(the_second_address_is_never_sent_to),
        cmocka_unit_test(silence_ends_with_a_warning),
        cmocka_unit_test(a_cancel_ends_it_at_once),
        cmocka_unit_test(the_deadline_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
