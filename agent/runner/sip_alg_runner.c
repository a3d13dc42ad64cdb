#include "runner/sip_alg_runner.h"

#include "base/clock.h"
#include "base/log.h"
#include "net/raw_udp.h"
#include "net/route.h"
#include "net/udp_socket.h"
#include "runner/recent_ports.h"
#include "sweep/sip_alg.h"
#include "sweep/sip_verdict.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define RECEIVE_BYTES 4096
#define PATH_BYTES 256

struct sip_alg_runner {
    const struct plan *plan;
    const struct runner_hooks *hooks;
    struct sip_alg *alg;
    struct address local;
    struct raw_udp *raw; /* NULL unless the plan is live */
    int fd;              /* the bound socket, or the raw one's */
    int send_error;
    bool other_port, cancelled, late;
};

static void raw_received(void *argument, uint16_t local_port, const struct address *from, const uint8_t *bytes,
                         size_t len)
{
    struct sip_alg_runner *runner = argument;
    if (local_port == runner->local.port)
        sip_alg_received(runner->alg, clock_monotonic_us(), from, bytes, len);
}

static void raw_send_failed(void *argument, uint16_t local_port, int error)
{
    struct sip_alg_runner *runner = argument;
    (void)local_port;
    runner->send_error = error;
}

static void raw_icmp(void *argument, const struct icmp_error *error)
{
    (void)argument; /* an echo that is not there is silent all the same */
    (void)error;
}

static int open_raw(struct sip_alg_runner *runner)
{
    struct raw_udp_handler handler = {
        .received = raw_received, .send_failed = raw_send_failed, .icmp = raw_icmp, .argument = runner};
    struct address any_port = runner->local;

    any_port.port = 0;
    int rc = raw_udp_open_towards(&any_port, &runner->plan->sip_echo.address, &handler, &runner->raw);
    if (rc == 0)
        runner->fd = raw_udp_datagram_fd(runner->raw);
    return rc;
}

/* Without raw sockets a port that the PBX holds cannot be sent from: a gateway looks at the destination first. */
static int open_bound(struct sip_alg_runner *runner)
{
    runner->fd = udp_socket_open(&runner->local);
    if (runner->fd == -EADDRINUSE || runner->fd == -EACCES) {
        runner->other_port = true;
        runner->local.port = 0;
        runner->fd = udp_socket_open(&runner->local);
    }
    return runner->fd < 0 ? runner->fd : udp_socket_port(runner->fd, &runner->local.port);
}

static int set_up(struct sip_alg_runner *runner, const struct report *report)
{
    const struct plan *plan = runner->plan;
    int rc = 0;

    runner->local = plan->local_address;
    if (!address_known(&runner->local))
        rc = route_local_address(&plan->sip_echo.address, &runner->local);
    if (rc != 0)
        return rc;
    runner->local.port = SIP_ALG_LOCAL_PORT;
    rc = plan->live ? open_raw(runner) : open_bound(runner);
    if (rc != 0)
        return rc;
    runner->alg = sip_alg_create(plan, &runner->local, report);
    return runner->alg ? 0 : -ENOMEM;
}

static void tear_down(struct sip_alg_runner *runner)
{
    sip_alg_destroy(runner->alg);
    if (runner->raw)
        raw_udp_close(runner->raw);
    else if (runner->fd >= 0)
        close(runner->fd);
}

static void send_probe(struct sip_alg_runner *runner, const struct sip_alg_action *action)
{
    if (runner->raw) {
        raw_udp_send(runner->raw, runner->local.port, &action->to, action->bytes, action->len);
        raw_udp_flush(runner->raw);
        return;
    }
    int rc = udp_socket_send(runner->fd, &action->to, action->bytes, action->len);
    if (rc != 0)
        runner->send_error = -rc;
}

static void read_datagrams(struct sip_alg_runner *runner)
{
    uint8_t bytes[RECEIVE_BYTES];
    struct address from;
    struct icmp_error error;
    size_t len;
    int rc;

    if (runner->raw) {
        raw_udp_receive(runner->raw);
        return;
    }
    while (udp_socket_receive(runner->fd, &from, bytes, sizeof bytes, &len) == 0)
        sip_alg_received(runner->alg, clock_monotonic_us(), &from, bytes, len);
    do /* errors that nobody took would end every wait at once */
        rc = udp_socket_receive_icmp(runner->fd, &error);
    while (rc == 0 || rc == -ENOENT);
}

static int wait_until(struct sip_alg_runner *runner, uint64_t now_us, uint64_t wake_us)
{
    struct pollfd ready[] = {{.fd = runner->fd, .events = POLLIN}, {.fd = runner->hooks->cancel_fd, .events = POLLIN}};
    int wait_ms = wake_us > now_us ? (int)((wake_us - now_us + 999) / 1000) : 0;

    if (poll(ready, ARRAY_LEN(ready), wait_ms) < 0)
        return errno == EINTR ? 0 : -errno;
    runner->cancelled = ready[1].revents != 0;
    if (ready[0].revents != 0)
        read_datagrams(runner);
    return 0;
}

static uint64_t sooner(uint64_t wake_us, const struct plan *plan)
{
    return plan->ports_until_us > 0 && plan->ports_until_us < wake_us ? plan->ports_until_us : wake_us;
}

static int run(struct sip_alg_runner *runner)
{
    struct sip_alg_action action;

    for (int rc = 0; rc == 0 && !runner->cancelled;) {
        uint64_t now_us = clock_monotonic_us();
        runner->late = plan_ports_over(runner->plan, now_us);
        if (runner->late)
            return 0;
        switch (sip_alg_next(runner->alg, now_us, &action)) {
        case SIP_ALG_SEND: send_probe(runner, &action); break;
        case SIP_ALG_WAIT: rc = wait_until(runner, now_us, sooner(action.wake_us, runner->plan)); break;
        case SIP_ALG_DONE: return 0;
        }
        if (rc != 0)
            return rc;
    }
    return 0;
}

static void tell_progress(const struct runner_hooks *hooks, const struct report *report)
{
    struct sweep_progress progress = {.ports_done = (uint32_t)report->port_count,
                                      .ports_total = (uint32_t)report->port_count,
                                      .stage = "looking for a SIP ALG"};
    if (hooks->progress)
        hooks->progress(hooks->argument, &progress);
}

/* What was sent may have left a mapping alive in the NAT, which a later sweep must know of. */
static void note_port(const struct sip_alg_runner *runner)
{
    char path[PATH_BYTES];
    struct port_set ports = {0};

    port_set_add(&ports, runner->local.port);
    int rc = recent_ports_path(path, sizeof path);
    if (rc == 0)
        rc = recent_ports_note(path, clock_monotonic_us(), &ports);
    if (rc != 0)
        log_warning("runner", NULL, "cannot remember that port %u was sent from: %s", runner->local.port,
                    strerror(-rc));
}

static void conclude(const struct sip_alg_runner *runner, struct report *report)
{
    if (runner->other_port)
        report_warn(report, "sip_other_port",
                    "Another program holds port %u, so the SIP ALG test was made from port %u.", SIP_ALG_LOCAL_PORT,
                    runner->local.port);
    if (runner->send_error != 0)
        report_warn(report, "sip_not_sent", "SIP requests to the echo could not be sent: %s.",
                    strerror(runner->send_error));
    sip_verdict_judge(sip_alg_finding(runner->alg), report);
}

static void say_late(struct report *report)
{
    report_warn(report, "sip_alg_not_tested",
                "The SIP ALG test was not made to its end: the time that the sweep may hold ports was over.");
}

/* Why the test must not be made, said in the report. */
static bool forbidden(const struct plan *plan, struct report *report)
{
    const struct plan_server *echo = &plan->sip_echo;

    if (!address_known(&echo->address))
        report_warn(report, "sip_echo_unresolved", "The SIP ALG test was not made: the SIP echo %s cannot be resolved.",
                    echo->name);
    else if (address_same_ip(&echo->address, &report->server_other_address))
        report_warn(report, "sip_echo_on_second_address",
                    "The SIP ALG test was not made: the SIP echo stands on the STUN server's second address, and what "
                    "a port sends there fakes an open port in the next sweep. Run it on the first address.");
    else if (plan_ports_over(plan, clock_monotonic_us()))
        say_late(report);
    else
        return false;
    return true;
}

int sip_alg_runner_run(const struct plan *plan, const struct runner_hooks *hooks, struct report *report,
                       bool *cancelled)
{
    struct sip_alg_runner runner = {.plan = plan, .hooks = hooks, .fd = -1};

    *cancelled = false;
    if (plan->sip_echo.name[0] == '\0' || forbidden(plan, report))
        return 0;
    tell_progress(hooks, report);
    int rc = set_up(&runner, report);
    if (rc == 0) {
        rc = run(&runner);
        note_port(&runner); /* whatever came of it, something may have been sent */
    }
    if (rc == 0) {
        *cancelled = runner.cancelled;
        if (runner.late)
            say_late(report);
        else if (!runner.cancelled)
            conclude(&runner, report);
    }
    tear_down(&runner);
    return rc;
}
