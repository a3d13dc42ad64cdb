#include "runner/udp_runner.h"

#include "base/clock.h"
#include "net/raw_udp.h"
#include "net/route.h"
#include "net/udp_socket.h"
#include "runner/descriptors.h"
#include "runner/endpoints.h"
#include "runner/ephemeral.h"
#include "runner/event_loop.h"
#include "runner/held_ports.h"
#include "runner/host_ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVENTS 64
#define ACTIONS_PER_POLL 64 /* an unpaced sweep must still read answers before they overflow a socket */
#define NOTE_US 60000000u   /* how often a long sweep notes that it still sends: within the window of recent_ports.h */

/* What an event is about; smaller numbers than the loop's own are endpoints. */
enum { EVENT_DATAGRAMS = EVENT_LOOP_OTHERS, EVENT_ICMP };

struct runner {
    struct plan *plan;
    const struct runner_hooks *hooks;
    struct sweep *sweep;
    struct endpoints *endpoints;
    struct raw_udp *raw; /* NULL unless the plan is live */
    struct host_ports host;
    struct address local; /* the source address of the route to the server; its ip may be unspecified */
    struct event_loop loop;
    uint64_t note_at_us;
};

/* --- what the network says --- */

static enum sweep_icmp icmp_word(enum icmp_cause cause)
{
    switch (cause) {
    case ICMP_CAUSE_ADMIN_PROHIBITED: return SWEEP_ICMP_ADMIN_PROHIBITED;
    case ICMP_CAUSE_PORT_UNREACHABLE: return SWEEP_ICMP_PORT_UNREACHABLE;
    case ICMP_CAUSE_NO_ROUTE: break;
    }
    return SWEEP_ICMP_NO_ROUTE;
}

static void raw_received(void *argument, uint16_t local_port, const struct address *from, const uint8_t *bytes,
                         size_t len)
{
    struct runner *runner = argument;
    /* The raw socket sees all STUN of this host; what is for nobody under test is not ours. */
    if (endpoints_is_live(runner->endpoints, local_port))
        sweep_received(runner->sweep, clock_monotonic_us(), local_port, from, bytes, len);
}

static void raw_send_failed(void *argument, uint16_t local_port, int error)
{
    struct runner *runner = argument;
    sweep_send_failed(runner->sweep, clock_monotonic_us(), local_port, error);
}

static void raw_icmp(void *argument, const struct icmp_error *error)
{
    struct runner *runner = argument;
    if (endpoints_is_live(runner->endpoints, error->local_port))
        sweep_icmp(runner->sweep, clock_monotonic_us(), error->local_port, &error->to, icmp_word(error->cause));
}

static void read_datagrams(struct runner *runner, uint32_t endpoint, int fd)
{
    uint8_t bytes[UDP_SOCKET_BYTES];
    struct address from;
    size_t len;

    int rc = udp_socket_receive(fd, &from, bytes, sizeof bytes, &len);
    if (rc == 0)
        sweep_received(runner->sweep, clock_monotonic_us(), endpoint, &from, bytes, len);
}

static void read_icmp(struct runner *runner, uint32_t endpoint, int fd)
{
    struct icmp_error error;
    int rc;

    while ((rc = udp_socket_receive_icmp(fd, &error)) == 0 || rc == -ENOENT)
        if (rc == 0)
            sweep_icmp(runner->sweep, clock_monotonic_us(), endpoint, &error.to, icmp_word(error.cause));
}

static void handle_event(struct runner *runner, const struct epoll_event *event)
{
    uint32_t what = event->data.u32;

    if (what == EVENT_LOOP_CANCEL) {
        event_loop_forget_cancel(&runner->loop);
        sweep_cancel(runner->sweep, clock_monotonic_us());
        return;
    }
    if (what == EVENT_DATAGRAMS) {
        raw_udp_receive(runner->raw);
        return;
    }
    if (what == EVENT_ICMP) {
        raw_udp_receive_icmp(runner->raw);
        return;
    }
    int fd = endpoints_fd(runner->endpoints, what);
    if (fd < 0)
        return; /* closed by an event before this one */
    if (event->events & EPOLLERR)
        read_icmp(runner, what, fd);
    if (event->events & EPOLLIN)
        read_datagrams(runner, what, fd);
}

/* Sleeps until wake_us at most, and hands over what has come. */
static int wait_until(struct runner *runner, uint64_t now_us, uint64_t wake_us)
{
    struct epoll_event events[EVENTS];

    if (runner->raw)
        raw_udp_flush(runner->raw);
    int count = event_loop_wait(&runner->loop, now_us, wake_us, events, EVENTS);
    for (int i = 0; i < count; i++)
        handle_event(runner, &events[i]);
    return count < 0 ? count : 0;
}

/* --- what the engine wants --- */

/* What comes in later at a port that has sent to a second address proves nothing. */
static void mark_probed(struct runner *runner, uint16_t port)
{
    host_ports_probe(&runner->host, port);
    plan_mark_probed(runner->plan, port);
}

static int open_ephemeral(struct runner *runner, uint16_t *port)
{
    struct address local = plan_bind_address(runner->plan, 0);
    int fd = ephemeral_open(runner->plan, &local, port);

    if (fd >= 0)
        mark_probed(runner, *port);
    return fd;
}

static int open_socket(struct runner *runner, uint32_t endpoint, uint16_t *port)
{
    if (endpoint >= SWEEP_EPHEMERAL)
        return open_ephemeral(runner, port);
    *port = (uint16_t)endpoint;
    struct address local = plan_bind_address(runner->plan, *port);
    return udp_socket_open(&local);
}

static int add_socket(struct runner *runner, uint32_t endpoint, int fd)
{
    int rc = event_loop_watch(&runner->loop, fd, endpoint, EPOLLIN);
    if (rc == 0)
        rc = endpoints_add(runner->endpoints, endpoint, fd);
    if (rc != 0)
        close(fd);
    return rc;
}

static void find_local_address(struct runner *runner)
{
    const struct plan *plan = runner->plan;

    runner->local = plan->local_address;
    if (address_known(&runner->local))
        return;
    if (plan->server_count == 0 || route_local_address(&plan->servers[0].address, &runner->local) != 0)
        runner->local = plan_bind_address(plan, 0); /* no route: the sends will say so */
}

static void open_endpoint(struct runner *runner, uint64_t now_us, uint32_t endpoint)
{
    int rc = 0;

    if (endpoint >= SWEEP_EPHEMERAL) /* a NAT is what changes the address that the socket has now */
        find_local_address(runner);
    struct address local = runner->local;
    local.port = (uint16_t)endpoint;
    if (endpoint < SWEEP_EPHEMERAL && runner->raw) {
        endpoints_add_live(runner->endpoints, local.port);
    } else {
        int fd = open_socket(runner, endpoint, &local.port);
        rc = fd >= 0 ? add_socket(runner, endpoint, fd) : fd;
    }
    if (rc == 0)
        sweep_opened(runner->sweep, now_us, endpoint, &local);
    else
        sweep_open_failed(runner->sweep, now_us, endpoint, -rc, host_ports_owner(&runner->host, (uint16_t)endpoint));
}

/* A full queue below loses a packet as any network may: the sweep sends again. */
static bool is_loss(int error)
{
    return error == EAGAIN || error == ENOBUFS || error == ENOMEM;
}

static void send_packet(struct runner *runner, uint64_t now_us, const struct sweep_action *action)
{
    if (action->probes && action->endpoint < SWEEP_EPHEMERAL)
        mark_probed(runner, (uint16_t)action->endpoint);
    if (endpoints_is_live(runner->endpoints, action->endpoint)) {
        raw_udp_send(runner->raw, (uint16_t)action->endpoint, &action->to, action->packet, action->len);
        return;
    }
    int fd = endpoints_fd(runner->endpoints, action->endpoint);
    int rc = fd >= 0 ? udp_socket_send(fd, &action->to, action->packet, action->len) : -EBADF;
    if (rc != 0 && !is_loss(-rc))
        sweep_send_failed(runner->sweep, now_us, action->endpoint, -rc);
}

static void tell_progress(struct runner *runner, uint64_t now_us)
{
    struct sweep_progress progress;

    if (!event_loop_progress_due(&runner->loop, now_us))
        return;
    sweep_get_progress(runner->sweep, now_us, &progress);
    runner->hooks->progress(runner->hooks->argument, &progress);
}

static void note_ports(struct runner *runner, uint64_t now_us)
{
    runner->note_at_us = now_us + NOTE_US;
    host_ports_note(&runner->host, now_us);
}

static int wait_for_events(struct runner *runner, uint64_t now_us, uint64_t wake_us)
{
    tell_progress(runner, now_us);
    if (now_us >= runner->note_at_us)
        note_ports(runner, now_us);
    return wait_until(runner, now_us, wake_us);
}

static int run(struct runner *runner)
{
    struct sweep_action action;
    int rc = 0;

    for (unsigned actions = 1; rc == 0; actions++) {
        uint64_t now_us = clock_monotonic_us();
        switch (sweep_next(runner->sweep, now_us, &action)) {
        case SWEEP_OPEN: open_endpoint(runner, now_us, action.endpoint); break;
        case SWEEP_SEND: send_packet(runner, now_us, &action); break;
        case SWEEP_CLOSE: endpoints_remove(runner->endpoints, action.endpoint); break;
        case SWEEP_WAIT: rc = wait_for_events(runner, now_us, action.wake_us); continue;
        case SWEEP_DONE: return 0;
        }
        if (actions % ACTIONS_PER_POLL == 0)
            rc = wait_for_events(runner, now_us, now_us);
    }
    return rc;
}

/* --- before and after --- */

static int open_raw(struct runner *runner)
{
    struct raw_udp_handler handler = {
        .received = raw_received, .send_failed = raw_send_failed, .icmp = raw_icmp, .argument = runner};
    struct address local = plan_bind_address(runner->plan, 0);

    int rc = raw_udp_open(&local, &handler, &runner->raw);
    if (rc == 0)
        rc = event_loop_watch(&runner->loop, raw_udp_datagram_fd(runner->raw), EVENT_DATAGRAMS, EPOLLIN);
    if (rc == 0)
        rc = event_loop_watch(&runner->loop, raw_udp_icmp_fd(runner->raw), EVENT_ICMP, EPOLLIN);
    return rc;
}

static int choose_mode(struct runner *runner)
{
    int rc = runner->plan->mode == MODE_EXCLUSIVE ? -EPERM : open_raw(runner);

    runner->plan->live = rc == 0;
    if (rc == 0)
        return 0;
    raw_udp_close(runner->raw);
    runner->raw = NULL;
    return runner->plan->mode == MODE_LIVE ? rc : 0;
}

/* Bound ports cost a descriptor each. */
static void fit_window(struct plan *plan)
{
    uint32_t room = descriptors_room();
    if (plan->window == 0 || plan->window > room)
        plan->window = room;
}

static int set_up(struct runner *runner)
{
    int rc = event_loop_open(&runner->loop, runner->hooks);
    if (rc != 0)
        return rc;
    runner->endpoints = endpoints_create();
    if (!runner->endpoints)
        return -ENOMEM;
    rc = choose_mode(runner);
    if (rc != 0)
        return rc;
    if (!runner->plan->live)
        fit_window(runner->plan);
    uint64_t now_us = clock_monotonic_us();
    find_local_address(runner);
    host_ports_look(&runner->host, runner->plan, now_us);
    note_ports(runner, now_us);
    runner->sweep = sweep_create(runner->plan, clock_monotonic_us());
    return runner->sweep ? 0 : -ENOMEM;
}

static void tear_down(struct runner *runner)
{
    sweep_destroy(runner->sweep);
    host_ports_release(&runner->host);
    raw_udp_close(runner->raw);
    endpoints_destroy(runner->endpoints);
    event_loop_close(&runner->loop);
    free(runner);
}

int udp_runner_run(struct plan *plan, const struct runner_hooks *hooks, struct report **out, enum sweep_end *end)
{
    struct report *report = NULL;
    struct runner *runner = calloc(1, sizeof *runner);
    if (!runner)
        return -ENOMEM;
    runner->plan = plan;
    runner->hooks = hooks;
    runner->loop.epoll_fd = -1;
    int rc = set_up(runner);
    if (rc == 0)
        rc = run(runner);
    if (rc == 0) {
        note_ports(runner, clock_monotonic_us());
        report = sweep_take_report(runner->sweep);
        *end = sweep_ended_by(runner->sweep);
        rc = report ? 0 : -ENOMEM;
    }
    if (rc == 0)
        held_ports_name(runner->host.owners, TRANSPORT_UDP, report);
    tear_down(runner);
    if (rc == 0)
        *out = report;
    return rc;
}
