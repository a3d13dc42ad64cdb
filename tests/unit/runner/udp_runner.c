/* The runner with a scripted engine in place of the real one: what it does with sockets, errors, time and cancels.
 * Packets go from one endpoint of the script to another over loopback. */
#include "runner/udp_runner.h"

#include "base/clock.h"
#include "net/raw_udp.h"
#include "net/udp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_US 10000000u
#define ENDPOINTS 4

enum step_kind { OPEN, SEND, CLOSE, AWAIT_DATAGRAMS, AWAIT_ICMP, AWAIT_CANCEL, AWAIT_PROGRESS, END };

struct step {
    enum step_kind kind;
    uint32_t endpoint, to; /* to: an endpoint of the script, or an await's count */
};

struct seen {
    uint32_t endpoint[ENDPOINTS]; /* in order of opening */
    struct address local[ENDPOINTS];
    unsigned opened, datagrams, icmp, cancels, progress, timed_out;
    uint32_t datagram_at, icmp_at;
    struct address datagram_from, icmp_to;
    int open_error, owner_pid, send_error;
    enum sweep_icmp icmp_cause;
    bool live, silent;
};

struct script {
    const struct step *steps;
    uint16_t port; /* whose silence is asked for */
    struct seen seen;
};

struct sweep {
    const struct step *step;
    uint64_t give_up_us;
};

/* STUN by its cookie, or the raw socket would not see it. */
static const uint8_t packet[20] = {0x01, 0x01, 0, 0, 0x21, 0x12, 0xA4, 0x42, 'r', 'u', 'n'};
static struct script script; /* NOLINT: the engine's interface has no room for a test's argument */

/* --- the scripted engine
 * ---------------------------------------------------------------------------------------------------- */

struct sweep *sweep_create(const struct plan *plan, uint64_t now_us)
{
    struct sweep *sweep = calloc(1, sizeof *sweep);
    assert_non_null(sweep);
    sweep->step = script.steps;
    sweep->give_up_us = now_us + PATIENCE_US;
    script.seen.live = plan->live;
    script.seen.silent = plan_is_silent(plan, script.port);
    return sweep;
}

void sweep_destroy(struct sweep *sweep)
{
    free(sweep);
}

static const struct address *local_of(uint32_t endpoint)
{
    for (unsigned i = 0; i < script.seen.opened; i++)
        if (script.seen.endpoint[i] == endpoint)
            return &script.seen.local[i];
    fail_msg("endpoint %u was never opened", endpoint);
    return NULL;
}

static bool is_over(const struct step *step)
{
    switch (step->kind) {
    case AWAIT_DATAGRAMS: return script.seen.datagrams >= step->to;
    case AWAIT_ICMP: return script.seen.icmp >= step->to;
    case AWAIT_CANCEL: return script.seen.cancels >= step->to;
    case AWAIT_PROGRESS: return script.seen.progress >= step->to;
    default: return true;
    }
}

enum sweep_action_kind sweep_next(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    const struct step *step = sweep->step;

    *action = (struct sweep_action){.kind = SWEEP_WAIT, .endpoint = step->endpoint, .wake_us = sweep->give_up_us};
    if (now_us >= sweep->give_up_us) {
        script.seen.timed_out++;
        return action->kind = SWEEP_DONE;
    }
    if (step->kind == END)
        return action->kind = SWEEP_DONE;
    if (!is_over(step))
        return action->kind;
    sweep->step++;
    if (step->kind == OPEN)
        action->kind = SWEEP_OPEN;
    if (step->kind == CLOSE)
        action->kind = SWEEP_CLOSE;
    if (step->kind == SEND) {
        action->kind = SWEEP_SEND;
        action->to = *local_of(step->to);
        action->packet = packet;
        action->len = sizeof packet;
    }
    if (action->kind == SWEEP_WAIT)
        action->wake_us = now_us;
    return action->kind;
}

void sweep_opened(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *local)
{
    (void)sweep, (void)now_us;
    assert_true(script.seen.opened < ENDPOINTS);
    script.seen.endpoint[script.seen.opened] = endpoint;
    script.seen.local[script.seen.opened++] = *local;
}

void sweep_open_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error,
                       const struct port_owner *owner)
{
    (void)sweep, (void)now_us, (void)endpoint;
    script.seen.open_error = error;
    script.seen.owner_pid = owner ? owner->pid : 0;
}

void sweep_send_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error)
{
    (void)sweep, (void)now_us, (void)endpoint;
    script.seen.send_error = error;
}

void sweep_received(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *from,
                    const uint8_t *bytes, size_t len)
{
    (void)sweep, (void)now_us;
    assert_int_equal(len, sizeof packet);
    assert_memory_equal(bytes, packet, len);
    script.seen.datagrams++;
    script.seen.datagram_at = endpoint;
    script.seen.datagram_from = *from;
}

void sweep_icmp(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *to, enum sweep_icmp icmp)
{
    (void)sweep, (void)now_us;
    script.seen.icmp++;
    script.seen.icmp_at = endpoint;
    script.seen.icmp_to = *to;
    script.seen.icmp_cause = icmp;
}

void sweep_cancel(struct sweep *sweep, uint64_t now_us)
{
    (void)sweep, (void)now_us;
    script.seen.cancels++;
}

void sweep_get_progress(const struct sweep *sweep, uint64_t now_us, struct sweep_progress *progress)
{
    (void)sweep, (void)now_us;
    *progress = (struct sweep_progress){.ports_total = 1, .stage = "testing"};
}

enum sweep_end sweep_ended_by(const struct sweep *sweep)
{
    (void)sweep;
    return SWEEP_END_COMPLETE;
}

struct report *sweep_take_report(struct sweep *sweep)
{
    (void)sweep;
    return report_create(0, 0);
}

/* --- the tests
 * -------------------------------------------------------------------------------------------------------------- */

static void count_progress(void *argument, const struct sweep_progress *progress)
{
    struct seen *seen = argument;
    assert_string_equal(progress->stage, "testing");
    seen->progress++;
}

/* A port of 127.0.0.1 that nobody holds just now. */
static uint16_t free_port(void)
{
    struct address any;
    uint16_t port;
    assert_int_equal(address_parse("127.0.0.1", &any), 0);
    int fd = udp_socket_open(&any);
    assert_true(fd >= 0);
    assert_int_equal(udp_socket_port(fd, &port), 0);
    close(fd);
    return port;
}

static struct plan *make_plan(enum sweep_mode mode, uint16_t port)
{
    struct plan *plan = calloc(1, sizeof *plan);
    assert_non_null(plan);
    plan->family = 4;
    plan->mode = mode;
    plan->ports.count = 1;
    plan->ports.ranges[0] = (struct port_range){.first = port, .last = port, .transport = TRANSPORT_UDP};
    assert_int_equal(address_parse("127.0.0.1:3478", &plan->servers[0].address), 0);
    plan->server_count = 1;
    return plan;
}

static int run(struct plan *plan, const struct step *steps, int cancel_fd)
{
    struct runner_hooks hooks = {.progress = count_progress, .argument = &script.seen, .cancel_fd = cancel_fd};
    struct report *report = NULL;

    script = (struct script){.steps = steps, .port = plan->ports.ranges[0].first};
    enum sweep_end end = SWEEP_END_NO_ANSWER;
    int rc = udp_runner_run(plan, &hooks, &report, &end);
    if (rc == 0)
        assert_non_null(report);
    if (rc == 0)
        assert_int_equal(end, SWEEP_END_COMPLETE);
    report_free(report);
    assert_int_equal(script.seen.timed_out, 0);
    return rc;
}

static void check_exchange(enum sweep_mode mode, bool live)
{
    uint16_t port = free_port();
    struct plan *plan = make_plan(mode, port);
    const uint32_t ephemeral = SWEEP_EPHEMERAL;
    const struct step steps[] = {{.kind = OPEN, .endpoint = port},
                                 {.kind = OPEN, .endpoint = ephemeral},
                                 {.kind = SEND, .endpoint = port, .to = ephemeral},
                                 {.kind = AWAIT_DATAGRAMS, .to = 1},
                                 {.kind = SEND, .endpoint = ephemeral, .to = port},
                                 {.kind = AWAIT_DATAGRAMS, .to = 2},
                                 {.kind = CLOSE, .endpoint = port},
                                 {.kind = CLOSE, .endpoint = ephemeral},
                                 {.kind = END}};

    assert_int_equal(run(plan, steps, -1), 0);
    assert_int_equal(script.seen.live, live);
    assert_int_equal(script.seen.datagram_at, port);
    assert_true(address_equal(&script.seen.datagram_from, local_of(ephemeral)));
    assert_int_equal(local_of(port)->port, port);
    assert_int_not_equal(local_of(ephemeral)->port, 0);
    assert_true(address_is_loopback(local_of(ephemeral))); /* the route's address, though the socket is bound to all */
    assert_int_equal(script.seen.send_error, 0);
    if (!live)
        assert_true(plan->window > 0);
    free(plan);
}

static void test_exchange_over_bound_sockets(void **state)
{
    (void)state;
    check_exchange(MODE_EXCLUSIVE, false);
}

static bool have_raw_sockets(void)
{
    const struct raw_udp_handler nobody = {0};
    struct address any = {.family = 4};
    struct raw_udp *raw;
    if (raw_udp_open(&any, &nobody, &raw) != 0)
        return false;
    raw_udp_close(raw);
    return true;
}

static void test_exchange_live(void **state)
{
    (void)state;
    if (!have_raw_sockets()) {
        print_message("skipped: no CAP_NET_RAW\n");
        skip();
    }
    check_exchange(MODE_AUTO, true);
}

static void check_icmp(enum sweep_mode mode)
{
    uint16_t port = free_port();
    struct plan *plan = make_plan(mode, port);
    const uint32_t gone = SWEEP_EPHEMERAL;
    const struct step steps[] = {{.kind = OPEN, .endpoint = gone},  {.kind = OPEN, .endpoint = port},
                                 {.kind = CLOSE, .endpoint = gone}, {.kind = SEND, .endpoint = port, .to = gone},
                                 {.kind = AWAIT_ICMP, .to = 1},     {.kind = END}};

    assert_int_equal(run(plan, steps, -1), 0);
    assert_int_equal(script.seen.icmp_at, port);
    assert_int_equal(script.seen.icmp_cause, SWEEP_ICMP_PORT_UNREACHABLE);
    assert_true(address_equal(&script.seen.icmp_to, local_of(gone)));
    free(plan);
}

static void test_icmp_over_bound_sockets(void **state)
{
    (void)state;
    check_icmp(MODE_EXCLUSIVE);
}

static void test_icmp_live(void **state)
{
    (void)state;
    if (!have_raw_sockets()) {
        print_message("skipped: no CAP_NET_RAW\n");
        skip();
    }
    check_icmp(MODE_AUTO);
}

static void test_a_held_port_is_in_use_by_its_owner(void **state)
{
    struct address held;
    uint16_t port;

    (void)state;
    assert_int_equal(address_parse("127.0.0.1", &held), 0);
    int fd = udp_socket_open(&held);
    assert_int_equal(udp_socket_port(fd, &port), 0);
    struct plan *plan = make_plan(MODE_EXCLUSIVE, port);
    const struct step steps[] = {{.kind = OPEN, .endpoint = port}, {.kind = END}};
    assert_int_equal(run(plan, steps, -1), 0);
    assert_int_equal(script.seen.open_error, EADDRINUSE);
    assert_int_equal(script.seen.owner_pid, getpid());
    assert_false(script.seen.silent);
    free(plan);
    close(fd);
}

static void test_a_port_is_silent_until_it_was_swept(void **state)
{
    uint16_t port = free_port();
    struct plan *plan = make_plan(MODE_EXCLUSIVE, port);
    const struct step steps[] = {{.kind = END}};

    (void)state;
    assert_int_equal(run(plan, steps, -1), 0);
    assert_true(script.seen.silent);
    assert_int_equal(run(plan, steps, -1), 0);
    assert_false(script.seen.silent);
    free(plan);
}

static void test_cancel_is_told_once(void **state)
{
    int cancel_fd = eventfd(1, EFD_CLOEXEC);
    struct plan *plan = make_plan(MODE_EXCLUSIVE, free_port());
    const struct step steps[] = {{.kind = AWAIT_CANCEL, .to = 1}, {.kind = AWAIT_PROGRESS, .to = 3}, {.kind = END}};

    (void)state;
    assert_int_equal(run(plan, steps, cancel_fd), 0);
    assert_int_equal(script.seen.cancels, 1);
    free(plan);
    close(cancel_fd);
}

/* In a child that gave up root, as there is no way back. */
static void test_live_without_privilege_is_refused(void **state)
{
    struct plan *plan = make_plan(MODE_LIVE, free_port());
    const struct step steps[] = {{.kind = END}};
    int status;

    (void)state;
    pid_t child = fork();
    if (child == 0)
        _exit((geteuid() != 0 || setuid(65534) == 0) && run(plan, steps, -1) == -EPERM ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    free(plan);
}

/* What earlier runs swept must not change this one. */
static int set_up(void **state)
{
    char *folder = strdup("/tmp/natsweep-runner-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? setenv("RUNTIME_DIRECTORY", folder, 1) : -1;
}

static int tear_down(void **state)
{
    char command[256];
    (void)snprintf(command, sizeof command, "rm -r '%s'", (char *)*state);
    free(*state);
    return system(command); /* NOLINT(cert-env33-c): the path is ours */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchange_over_bound_sockets),
        cmocka_unit_test(test_exchange_live),
        cmocka_unit_test(test_icmp_over_bound_sockets),
        cmocka_unit_test(test_icmp_live),
        cmocka_unit_test(test_a_held_port_is_in_use_by_its_owner),
        cmocka_unit_test(test_a_port_is_silent_until_it_was_swept),
        cmocka_unit_test(test_cancel_is_told_once),
        cmocka_unit_test(test_live_without_privilege_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
