#include "runner/side_runner.h"

#include "base/clock.h"
#include "net/raw_udp.h"
#include "net/route.h"
#include "net/udp_socket.h"
#include "runner/endpoints.h"
#include "runner/ephemeral.h"
#include "runner/event_loop.h"

#include <errno.h>
#include <unistd.h>

#define EVENTS 32

/* What an event is about; smaller numbers than the loop's own are endpoints. */
enum { EVENT_DATAGRAMS = EVENT_LOOP_OTHERS };

struct side_runner {
    const struct plan *plan;
    const struct runner_hooks *hooks;
    struct side_test *test;
    struct endpoints *endpoints;
    struct raw_udp *raw;  /* opened for the first port under test that is listened at */
    struct address local; /* of the route to the server */
    struct event_loop loop;
    uint32_t ports; /* all done by now */
    bool cancelled;
};

/* --- what the network says --- */

static void raw_received(void *argument, uint16_t local_port, const struct address *from, const uint8_t *bytes,
                         size_t len)
{
    struct side_runner *runner = argument;
    if (endpoints_is_live(runner->endpoints, local_port))
        runner->test->received(runner->test, clock_monotonic_us(), local_port, from, bytes, len);
}

static void raw_send_failed(void *argument, uint16_t local_port, int error)
{
    (void)argument; /* nothing is sent through it */
    (void)local_port;
    (void)error;
}

static void raw_icmp(void *argument, const struct icmp_error *error)
{
    (void)argument;
    (void)error;
}

static void read_socket(struct side_runner *runner, uint32_t endpoint, int fd)
{
    uint8_t bytes[UDP_SOCKET_BYTES];
    struct address from;
    struct icmp_error error;
    size_t len;
    int rc;

    while ((rc = udp_socket_receive_icmp(fd, &error)) == 0 || rc == -ENOENT)
        if (rc == 0)
            runner->test->refused(runner->test, endpoint, &error.to);
    while (udp_socket_receive(fd, &from, bytes, sizeof bytes, &len) == 0)
        runner->test->received(runner->test, clock_monotonic_us(), endpoint, &from, bytes, len);
}

static void handle_event(struct side_runner *runner, uint32_t what)
{
    if (what == EVENT_LOOP_CANCEL)
        runner->cancelled = true;
    else if (what == EVENT_DATAGRAMS)
        raw_udp_receive(runner->raw);
    else
        read_socket(runner, what, endpoints_fd(runner->endpoints, what));
}

static void tell_progress(struct side_runner *runner, uint64_t now_us)
{
    struct sweep_progress progress = {
        .ports_done = runner->ports, .ports_total = runner->ports, .stage = runner->test->stage};
    if (event_loop_progress_due(&runner->loop, now_us))
        runner->hooks->progress(runner->hooks->argument, &progress);
}

static int wait_until(struct side_runner *runner, uint64_t now_us, uint64_t wake_us)
{
    struct epoll_event events[EVENTS];

    tell_progress(runner, now_us);
    int count = event_loop_wait(&runner->loop, now_us, wake_us, events, EVENTS);
    for (int i = 0; i < count; i++)
        handle_event(runner, events[i].data.u32);
    return count < 0 ? count : 0;
}

/* --- what the test wants --- */

static int open_raw(struct side_runner *runner)
{
    struct raw_udp_handler handler = {
        .received = raw_received, .send_failed = raw_send_failed, .icmp = raw_icmp, .argument = runner};
    struct address any_port = runner->local;

    any_port.port = 0;
    if (runner->raw)
        return 0;
    int rc = raw_udp_open(&any_port, &handler, &runner->raw);
    return rc == 0 ? event_loop_watch(&runner->loop, raw_udp_datagram_fd(runner->raw), EVENT_DATAGRAMS, EPOLLIN) : rc;
}

static int open_socket(struct side_runner *runner, uint32_t endpoint, struct address *local)
{
    struct address wanted = *local;

    if (!address_known(&runner->plan->local_address))
        wanted = (struct address){.family = local->family, .port = local->port};
    int fd =
        endpoint < SWEEP_EPHEMERAL ? udp_socket_open(&wanted) : ephemeral_open(runner->plan, &wanted, &local->port);
    if (fd < 0)
        return fd;
    int rc = event_loop_watch(&runner->loop, fd, endpoint, EPOLLIN);
    if (rc == 0)
        rc = endpoints_add(runner->endpoints, endpoint, fd);
    if (rc != 0)
        close(fd);
    return rc;
}

/* Ports that were given back are not bound again: a PBX that comes up must find them free. */
static bool listens_raw(const struct side_runner *runner)
{
    return runner->plan->live || runner->hooks->ports_free;
}

static void open_endpoint(struct side_runner *runner, uint32_t endpoint)
{
    struct address local = runner->local;
    bool live = endpoint < SWEEP_EPHEMERAL && listens_raw(runner);

    local.port = endpoint < SWEEP_EPHEMERAL ? (uint16_t)endpoint : 0;
    int rc = live ? open_raw(runner) : open_socket(runner, endpoint, &local);
    if (rc == 0 && live)
        endpoints_add_live(runner->endpoints, local.port);
    runner->test->opened(runner->test, endpoint, rc == 0 ? &local : NULL);
}

/* What cannot be sent is lost, and the test sends again or ends in silence. */
static void send_packet(const struct side_runner *runner, const struct sweep_action *action)
{
    int fd = endpoints_fd(runner->endpoints, action->endpoint);
    int rc = fd >= 0 ? udp_socket_send(fd, &action->to, action->packet, action->len) : -EBADF;
    (void)rc;
}

static int run(struct side_runner *runner)
{
    struct sweep_action action = {0};

    while (!runner->cancelled) {
        uint64_t now_us = clock_monotonic_us();
        int rc = 0;
        switch (runner->test->next(runner->test, now_us, &action)) {
        case SWEEP_OPEN: open_endpoint(runner, action.endpoint); break;
        case SWEEP_SEND: send_packet(runner, &action); break;
        case SWEEP_CLOSE: endpoints_remove(runner->endpoints, action.endpoint); break;
        case SWEEP_WAIT: rc = wait_until(runner, now_us, action.wake_us); break;
        case SWEEP_DONE: return 0;
        }
        if (rc != 0)
            return rc;
    }
    return 0;
}

static int set_up(struct side_runner *runner, const struct address *server)
{
    int rc = event_loop_open(&runner->loop, runner->hooks);
    if (rc != 0)
        return rc;
    runner->endpoints = endpoints_create();
    if (!runner->endpoints)
        return -ENOMEM;
    runner->local = runner->plan->local_address;
    return address_known(&runner->local) ? 0 : route_local_address(server, &runner->local);
}

int side_runner_run(const struct plan *plan, const struct runner_hooks *hooks, const struct report *report,
                    struct side_test *test, bool *cancelled)
{
    struct side_runner runner = {
        .plan = plan, .hooks = hooks, .test = test, .loop.epoll_fd = -1, .ports = (uint32_t)report->port_count};

    int rc = set_up(&runner, &report->server_address);
    if (rc == 0)
        rc = run(&runner);
    *cancelled = runner.cancelled;
    raw_udp_close(runner.raw);
    endpoints_destroy(runner.endpoints);
    event_loop_close(&runner.loop);
    return rc;
}
