#include "runner/tcp_runner.h"

#include "base/clock.h"
#include "net/port_owner.h"
#include "net/raw_tcp.h"
#include "net/tcp_socket.h"
#include "runner/endpoints.h"
#include "runner/event_loop.h"
#include "runner/held_ports.h"
#include "sweep/tcp_sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS 32
#define RECEIVE_BYTES 4096

/* What an event is about; smaller numbers than the loop's own are ports we listen at. */
enum { EVENT_CONTROL = EVENT_LOOP_OTHERS, EVENT_SYN };

struct tcp_runner {
    const struct plan *plan;
    const struct runner_hooks *hooks;
    struct tcp_sweep *sweep;
    struct endpoints *listeners;
    struct port_owner_table *owners; /* NULL = unknown */
    struct event_loop loop;
    int control_fd, syn_fd;
    bool connecting, cancelled;
};

/* --- the control connection --- */

static void close_control(struct tcp_runner *runner)
{
    if (runner->control_fd >= 0)
        close(runner->control_fd);
    runner->control_fd = -1;
}

static void fail_control(struct tcp_runner *runner, int error)
{
    close_control(runner);
    tcp_sweep_control_failed(runner->sweep, clock_monotonic_us(), error);
}

static void open_control(struct tcp_runner *runner, const struct address *server)
{
    struct address local = plan_bind_address(runner->plan, 0);
    int fd = tcp_socket_connect(&local, server);
    if (fd < 0) {
        fail_control(runner, -fd);
        return;
    }
    runner->control_fd = fd;
    runner->connecting = true;
    int rc = event_loop_watch(&runner->loop, fd, EVENT_CONTROL, EPOLLOUT);
    if (rc != 0)
        fail_control(runner, -rc);
}

static void control_connected(struct tcp_runner *runner)
{
    int error = tcp_socket_error(runner->control_fd);
    if (error == 0)
        error = -event_loop_watch(&runner->loop, runner->control_fd, EVENT_CONTROL, EPOLLIN);
    if (error != 0) {
        fail_control(runner, error);
        return;
    }
    runner->connecting = false;
    tcp_sweep_control_opened(runner->sweep, clock_monotonic_us());
}

static void read_control(struct tcp_runner *runner)
{
    uint8_t bytes[RECEIVE_BYTES];
    ssize_t got = recv(runner->control_fd, bytes, sizeof bytes, 0);
    if (got > 0)
        tcp_sweep_control_received(runner->sweep, clock_monotonic_us(), bytes, (size_t)got);
    else if (got == 0)
        fail_control(runner, 0);
    else if (errno != EAGAIN && errno != EINTR)
        fail_control(runner, errno);
}

/* A hundred requests fit every send buffer: what does not is a connection that has stalled. */
static void send_control(struct tcp_runner *runner, const struct tcp_action *action)
{
    if (runner->control_fd < 0)
        return;
    ssize_t sent = send(runner->control_fd, action->bytes, action->len, MSG_NOSIGNAL);
    if (sent != (ssize_t)action->len)
        fail_control(runner, sent < 0 ? errno : ENOBUFS);
}

/* --- ports --- */

static void listen_at(struct tcp_runner *runner, uint16_t port)
{
    struct address local = plan_bind_address(runner->plan, port);
    int fd = tcp_socket_listen(&local);
    int rc = fd < 0 ? fd : event_loop_watch(&runner->loop, fd, port, EPOLLIN);
    if (rc == 0)
        rc = endpoints_add(runner->listeners, port, fd);
    if (rc == 0)
        return;
    if (fd >= 0)
        close(fd);
    const struct port_owner *owner = runner->owners ? port_owner_find(runner->owners, port) : NULL;
    tcp_sweep_listen_failed(runner->sweep, port, -rc, owner);
}

static bool lacks_room(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* What waits and cannot be taken would wake every wait at once, and then pass for nothing having come. */
static void read_listener(struct tcp_runner *runner, uint16_t port)
{
    struct address from;
    int fd = endpoints_fd(runner->listeners, port), rc = -EAGAIN;
    while (fd >= 0 && (rc = tcp_socket_turn_away(fd, &from)) == 0) {
        tcp_sweep_arrived(runner->sweep, clock_monotonic_us(), port, &from);
        fd = endpoints_fd(runner->listeners, port);
    }
    if (!lacks_room(-rc))
        return;
    endpoints_remove(runner->listeners, port);
    tcp_sweep_listen_failed(runner->sweep, port, -rc, NULL);
}

static void read_syns(struct tcp_runner *runner)
{
    struct address from;
    uint16_t port;
    int rc;
    while ((rc = raw_tcp_receive(runner->syn_fd, runner->plan->family, &from, &port)) == 0 || rc == -EBADMSG)
        if (rc == 0)
            tcp_sweep_arrived(runner->sweep, clock_monotonic_us(), port, &from);
}

/* --- the loop --- */

static void cancel(struct tcp_runner *runner)
{
    event_loop_forget_cancel(&runner->loop);
    runner->cancelled = true;
    tcp_sweep_cancel(runner->sweep, clock_monotonic_us());
}

static void handle_event(struct tcp_runner *runner, uint32_t what)
{
    if (what == EVENT_LOOP_CANCEL)
        cancel(runner);
    else if (what == EVENT_SYN)
        read_syns(runner);
    else if (what != EVENT_CONTROL)
        read_listener(runner, (uint16_t)what);
    else if (runner->control_fd >= 0 && runner->connecting)
        control_connected(runner);
    else if (runner->control_fd >= 0)
        read_control(runner);
}

static void tell_progress(struct tcp_runner *runner, uint64_t now_us)
{
    struct sweep_progress progress;
    if (!event_loop_progress_due(&runner->loop, now_us))
        return;
    tcp_sweep_get_progress(runner->sweep, now_us, &progress);
    runner->hooks->progress(runner->hooks->argument, &progress);
}

/* SYNs are read before the server's word about them, so that the word finds them known. */
static int wait_until(struct tcp_runner *runner, uint64_t now_us, uint64_t wake_us)
{
    struct epoll_event events[EVENTS];
    tell_progress(runner, now_us);
    int count = event_loop_wait(&runner->loop, now_us, wake_us, events, EVENTS);
    if (count < 0)
        return count;
    if (runner->syn_fd >= 0)
        read_syns(runner);
    for (int i = 0; i < count; i++)
        handle_event(runner, events[i].data.u32);
    return 0;
}

static int run(struct tcp_runner *runner)
{
    struct tcp_action action;
    for (int rc = 0;;) {
        uint64_t now_us = clock_monotonic_us();
        switch (tcp_sweep_next(runner->sweep, now_us, &action)) {
        case TCP_CONTROL_OPEN: open_control(runner, &action.address); break;
        case TCP_CONTROL_SEND: send_control(runner, &action); break;
        case TCP_CONTROL_CLOSE: close_control(runner); break;
        case TCP_LISTEN: listen_at(runner, action.port); break;
        case TCP_UNLISTEN: endpoints_remove(runner->listeners, action.port); break;
        case TCP_WAIT: rc = wait_until(runner, now_us, action.wake_us); break;
        case TCP_DONE: return 0;
        }
        if (rc != 0)
            return rc;
    }
}

static int set_up(struct tcp_runner *runner, const struct address *server, struct report *report)
{
    int rc = event_loop_open(&runner->loop, runner->hooks);
    if (rc != 0)
        return rc;
    runner->listeners = endpoints_create();
    if (!runner->listeners)
        return -ENOMEM;
    if (runner->plan->live) {
        runner->syn_fd = raw_tcp_open(runner->plan->family);
        rc = runner->syn_fd < 0 ? runner->syn_fd : event_loop_watch(&runner->loop, runner->syn_fd, EVENT_SYN, EPOLLIN);
    }
    if (rc != 0)
        return rc;
    if (report->port_count > 0 && port_owner_table_read("/proc", TRANSPORT_TCP, &runner->owners) != 0)
        runner->owners = NULL;
    runner->sweep = tcp_sweep_create(runner->plan, server, report, clock_monotonic_us());
    return runner->sweep ? 0 : -ENOMEM;
}

static void tear_down(struct tcp_runner *runner)
{
    tcp_sweep_destroy(runner->sweep);
    endpoints_destroy(runner->listeners);
    port_owner_table_free(runner->owners);
    close_control(runner);
    if (runner->syn_fd >= 0)
        close(runner->syn_fd);
    event_loop_close(&runner->loop);
}

int tcp_runner_run(const struct plan *plan, const struct address *server, const struct runner_hooks *hooks,
                   struct report *report, bool *cancelled, bool *answered)
{
    struct tcp_runner runner = {.plan = plan, .hooks = hooks, .loop.epoll_fd = -1, .control_fd = -1, .syn_fd = -1};
    int rc = set_up(&runner, server, report);
    if (rc == 0 && (rc = run(&runner)) != 0)
        tcp_sweep_fail(runner.sweep);
    if (rc == 0) {
        *cancelled = runner.cancelled;
        *answered = tcp_sweep_answered(runner.sweep);
        held_ports_name(runner.owners, TRANSPORT_TCP, report);
    }
    tear_down(&runner);
    return rc;
}
