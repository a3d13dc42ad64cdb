#include "sweep/tcp_sweep.h"

#include "sweep/tcp_belief.h"
#include "sweep/tcp_engine.h"
#include "sweep/tcp_patience.h"
#include "sweep/tcp_rounds.h"

#include <errno.h>
#include <stdlib.h>

#define REFUSED_US 1500000u /* a "no" later than this is somebody's time-out, not a refusal */
#define GRACE_US 500000u    /* between the server's word and the packet it speaks of: they race */

#define FORBIDDEN 403
#define TIMEOUT_OR_FAILURE 447
#define UNAUTHORIZED 401
#define STALE_NONCE 438

/* --- life --- */

static bool was_seen(const struct report *report, enum reason reason)
{
    for (size_t i = 0; i < report->port_count; i++)
        if (report->ports[i].reason == reason)
            return true;
    return false;
}

static enum reason blocked_reason(const struct report *report)
{
    if (was_seen(report, REASON_TABLE_FULL))
        return REASON_TABLE_FULL;
    return was_seen(report, REASON_SCAN_PROTECTION) ? REASON_SCAN_PROTECTION : REASON_NONE;
}

struct tcp_sweep *tcp_sweep_create(const struct plan *plan, const struct address *server, struct report *report,
                                   uint64_t now_us)
{
    struct tcp_sweep *sweep = calloc(1, sizeof *sweep);
    if (!sweep)
        return NULL;
    sweep->plan = plan;
    sweep->report = report;
    sweep->missed = TCP_PORTS_NONE;
    sweep->again = report->path.sends_needed > 0 ? (report->path.sends_needed - 1u) / SENDS_A_CONNECT : 0;
    sweep->blocked = blocked_reason(report);
    if (tcp_ports_init(&sweep->ports, plan, report) != 0) {
        free(sweep);
        return NULL;
    }
    tcp_control_open(&sweep->control, server, now_us);
    return sweep;
}

void tcp_sweep_destroy(struct tcp_sweep *sweep)
{
    if (!sweep)
        return;
    tcp_control_free(&sweep->control);
    tcp_ports_free(&sweep->ports);
    free(sweep);
}

/* What is left gets this verdict. */
static void end(struct tcp_sweep *sweep, enum verdict verdict, enum reason reason, enum tri reached)
{
    tcp_ports_judge_rest(&sweep->ports, verdict, reason, reached);
    tcp_control_close(&sweep->control);
    for (struct pending_connect *pending; (pending = connects_any(&sweep->connects));)
        pending->ended = true;
}

/* Ends before its time: a failure that no new allocation has confirmed may be the server's own. */
static void abandon(struct tcp_sweep *sweep, enum reason reason)
{
    if (sweep->control.state == CONTROL_CLOSED)
        return;
    tcp_ports_doubt_all_failures(&sweep->ports, sweep->blocked != REASON_NONE ? sweep->blocked : reason);
    end(sweep, VERDICT_NOT_TESTED, reason, TRI_UNKNOWN);
}

void tcp_sweep_cancel(struct tcp_sweep *sweep, uint64_t now_us)
{
    (void)now_us;
    abandon(sweep, REASON_CANCELLED);
}

void tcp_sweep_fail(struct tcp_sweep *sweep)
{
    abandon(sweep, REASON_LOCAL_ERROR);
}

/* --- the control connection --- */

/* What it means for the ports that the server could not be reached, or not talked to. */
static enum reason reason_of(int error)
{
    switch (error) {
    case ECONNREFUSED: return REASON_PORT_UNREACHABLE;
    case EACCES:
    case EPERM:
    case EHOSTUNREACH: return REASON_ADMIN_PROHIBITED;
    case ENETUNREACH: return REASON_NO_ROUTE;
    default: return REASON_TIMEOUT;
    }
}

static void put_back_pending(struct tcp_sweep *sweep)
{
    for (struct pending_connect *pending; (pending = connects_any(&sweep->connects));) {
        if (pending->index == TCP_PORTS_NONE)
            sweep->unused_wanted = true;
        else
            tcp_ports_put_back(&sweep->ports, pending->index);
        pending->ended = true;
    }
}

/* The server dropped us. It may try again; if not, what is left is its fault and no port's. */
static void lose_control(struct tcp_sweep *sweep, uint64_t now_us)
{
    put_back_pending(sweep);
    if (tcp_control_open_again(&sweep->control, now_us))
        return;
    report_warn(sweep->report, "turn_failed",
                "The TURN server ended the connection to it again and again, or stopped answering: TCP ports were left "
                "unjudged because of it.");
    tcp_ports_doubt_all_failures(&sweep->ports, REASON_SERVER_FAULT);
    end(sweep, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT, TRI_YES);
}

void tcp_sweep_control_opened(struct tcp_sweep *sweep, uint64_t now_us)
{
    (void)now_us;
    if (sweep->control.state != CONTROL_OPENING)
        return;
    if (tcp_control_opened(&sweep->control, sweep->plan) != 0)
        end(sweep, VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR, TRI_YES);
}

void tcp_sweep_control_failed(struct tcp_sweep *sweep, uint64_t now_us, int error)
{
    if (sweep->control.state == CONTROL_CLOSED)
        return;
    bool no_room = sweep->blocked == REASON_TABLE_FULL && reason_of(error) == REASON_TIMEOUT;
    bool accepted = sweep->control.reached || error == ECONNRESET; /* it hung up at once */
    if (accepted)
        lose_control(sweep, now_us);
    else if (no_room)
        end(sweep, VERDICT_INCONCLUSIVE, REASON_TABLE_FULL, TRI_UNKNOWN);
    else
        end(sweep, VERDICT_UNREACHABLE, reason_of(error), TRI_NO);
}

/* No relayed address: what the server said decides what that says about the ports - nothing about the firewall. */
static void refuse_allocation(struct tcp_sweep *sweep, uint16_t code)
{
    if (code == UNAUTHORIZED || code == STALE_NONCE) {
        report_warn(sweep->report, "turn_unauthorized",
                    "TCP ports could not be tested: the TURN server refuses the credentials.");
        end(sweep, VERDICT_NOT_TESTED, REASON_NO_TURN_CREDENTIALS, TRI_YES);
    } else if (code == 0) {
        end(sweep, VERDICT_BAD_RESPONSE, REASON_NONE, TRI_YES);
    } else {
        report_warn(sweep->report, "no_relay",
                    "TCP ports could not be tested: the TURN server gives no TCP relay (error %u).", (unsigned)code);
        end(sweep, VERDICT_NO_SECOND_ADDRESS, REASON_NONE, TRI_YES);
    }
}

static void take_allocation(struct tcp_sweep *sweep, const struct turn_event *event)
{
    tcp_control_allocated(&sweep->control, event);
    sweep->refreshing = false;
    /* What arrives must come from the relayed address; one that the internet does not know arrives from another. */
    if (address_is_private(&event->address) && !address_is_private(&sweep->control.server)) {
        report_warn(sweep->report, "no_relay",
                    "TCP ports could not be tested: the TURN server relays from a private address.");
        end(sweep, VERDICT_NO_SECOND_ADDRESS, REASON_NONE, TRI_YES);
    } else if (!tcp_belief_take_mapped(sweep)) {
        tcp_ports_doubt_all_failures(&sweep->ports, REASON_SERVER_FAULT);
        end(sweep, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT, TRI_YES);
    }
}

/* --- ports --- */

static void settle(struct tcp_sweep *sweep, struct pending_connect *pending, enum verdict verdict, enum reason reason)
{
    pending->ended = true;
    turn_tcp_forget(sweep->control.turn, pending->port);
    if (pending->index == TCP_PORTS_NONE)
        tcp_belief_take_unused(sweep, pending->port, verdict);
    else if (sweep->round == ROUND_ALONE)
        tcp_rounds_settle(sweep, pending->index, verdict, reason);
    else
        tcp_ports_judge(&sweep->ports, pending->index, verdict, reason);
}

static void settle_silent(struct tcp_sweep *sweep, struct pending_connect *pending)
{
    if (pending->cut_short)
        settle(sweep, pending, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    else
        settle(sweep, pending, VERDICT_CLOSED, REASON_TIMEOUT);
}

/* The server's word is in, or time is up: what has not arrived by now will not. */
static void settle_overdue(struct tcp_sweep *sweep, uint64_t now_us, struct pending_connect *pending)
{
    if (address_known(&pending->visitor))
        settle(sweep, pending, VERDICT_INCONCLUSIVE, tcp_belief_of_visitor(sweep, pending));
    else if (pending->connected)
        settle(sweep, pending, VERDICT_WRONG_HOST, REASON_NONE);
    else if (pending->failed)
        settle(sweep, pending, VERDICT_REFUSED, REASON_NONE);
    else if (tcp_patience_over(sweep, now_us, pending))
        settle_silent(sweep, pending);
}

void tcp_sweep_arrived(struct tcp_sweep *sweep, uint64_t now_us, uint16_t port, const struct address *from)
{
    struct pending_connect *pending = connects_find(&sweep->connects, port);
    if (sweep->control.state == CONTROL_CLOSED)
        return;
    if (!address_same_ip(from, &sweep->control.relayed)) {
        if (pending)
            tcp_belief_take_visitor(sweep, pending, from);
        return;
    }
    if (!pending) {
        if (tcp_rounds_arrived_elsewhere(sweep, port, from))
            settle(sweep, connects_any(&sweep->connects), VERDICT_CLOSED, REASON_TIMEOUT);
        else
            tcp_belief_take_straggler(sweep, port);
        return;
    }
    tcp_patience_take_delay(sweep, now_us, pending->asked_us);
    if (sweep->round != ROUND_ALONE)
        tcp_ports_at(&sweep->ports, pending->index)->rtt_us = (int32_t)(now_us - pending->asked_us);
    settle(sweep, pending, VERDICT_PASS, REASON_NONE);
}

void tcp_sweep_listen_failed(struct tcp_sweep *sweep, uint16_t port, int error, const struct port_owner *owner)
{
    struct pending_connect *pending = connects_find(&sweep->connects, port);
    if (!pending)
        return;
    pending->listening = false;
    if (owner && sweep->round != ROUND_ALONE)
        report_set_owner(sweep->report, tcp_ports_at(&sweep->ports, pending->index), owner);
    if (error == EADDRINUSE)
        settle(sweep, pending, VERDICT_IN_USE, REASON_NONE);
    else
        settle(sweep, pending, VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR);
}

static void take_connect(struct tcp_sweep *sweep, uint64_t now_us, const struct turn_event *event)
{
    struct pending_connect *pending = connects_find(&sweep->connects, (uint16_t)event->token);
    if (!pending)
        return;
    tcp_patience_take_delay(sweep, now_us, pending->asked_us);
    if (event->kind == TURN_CONNECTED) {
        pending->connected = true;
    } else if (event->error_code == TIMEOUT_OR_FAILURE) {
        pending->failed = now_us - pending->asked_us < REFUSED_US;
    } else {
        if (event->error_code == FORBIDDEN)
            report_warn(sweep->report, "peer_denied",
                        "The TURN server refuses to connect to this site's public address.");
        settle(sweep, pending, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
        return;
    }
    pending->proven = true;
    pending->due_us = now_us + GRACE_US;
}

static void take_event(struct tcp_sweep *sweep, uint64_t now_us, const struct turn_event *event)
{
    sweep->control.answered |= event->kind != TURN_FAILED || event->error_code != 0;
    if (event->kind == TURN_ALLOCATED)
        take_allocation(sweep, event);
    else if (event->kind != TURN_FAILED)
        take_connect(sweep, now_us, event);
    else if (tcp_control_never_allocated(&sweep->control))
        refuse_allocation(sweep, event->error_code);
    else
        lose_control(sweep, now_us);
}

void tcp_sweep_control_received(struct tcp_sweep *sweep, uint64_t now_us, const uint8_t *bytes, size_t len)
{
    while (len > 0 && (sweep->control.state == CONTROL_ALLOCATING || sweep->control.state == CONTROL_READY)) {
        bool has_event;
        struct turn_event event;
        size_t taken = turn_tcp_input(sweep->control.turn, now_us, bytes, len, &has_event, &event);
        bytes += taken;
        len -= taken;
        if (has_event)
            take_event(sweep, now_us, &event);
    }
    tcp_patience_take_answer(sweep, now_us);
}

/* NULL when the server bears no more. */
static struct pending_connect *ask(struct tcp_sweep *sweep, uint64_t now_us, uint32_t index, uint16_t port)
{
    struct pending_connect *pending = connects_room(&sweep->connects);
    struct address peer = sweep->control.own;
    peer.port = port;
    if (!pending || turn_tcp_connect(sweep->control.turn, &peer, port) != 0)
        return NULL;
    *pending = (struct pending_connect){.index = index,
                                        .port = port,
                                        .used = true,
                                        .asked_us = now_us,
                                        .due_us = now_us + CONNECT_TIMEOUT_US,
                                        .first_due_us = now_us + CONNECT_TIMEOUT_US};
    if (sweep->plan->pace_pps > 0)
        sweep->next_connect_us = now_us + 1000000u / sweep->plan->pace_pps;
    return pending;
}

static bool begin_port(struct tcp_sweep *sweep, uint64_t now_us, uint32_t index, struct tcp_action *action)
{
    struct port_result *result = tcp_ports_at(&sweep->ports, index);
    struct pending_connect *pending = ask(sweep, now_us, index, result->port);
    if (!pending)
        return false;
    pending->listening = !sweep->plan->live;
    result->attempts = (uint8_t)(result->attempts + (result->attempts < UINT8_MAX));
    *action = (struct tcp_action){.kind = TCP_LISTEN, .port = result->port};
    return true;
}

static bool may_start(struct tcp_sweep *sweep, uint64_t now_us)
{
    return sweep->control.state == CONTROL_READY && now_us >= sweep->next_connect_us && tcp_rounds_room(sweep);
}

/* Starts one port when the pace allows it. Returns whether it did. */
static bool start_port(struct tcp_sweep *sweep, uint64_t now_us, struct tcp_action *action)
{
    if (tcp_ports_left(&sweep->ports) == 0 || !may_start(sweep, now_us))
        return false;
    uint32_t index = tcp_ports_take(&sweep->ports);
    if (!begin_port(sweep, now_us, index, action)) {
        tcp_ports_put_back(&sweep->ports, index);
        return false;
    }
    return true;
}

/* A Connect to a port that nobody uses. Nothing listens there: what arrives is seen, or turned away. */
static bool start_unused(struct tcp_sweep *sweep, uint64_t now_us)
{
    if (!sweep->unused_wanted || !may_start(sweep, now_us))
        return false;
    uint16_t port = tcp_ports_unused(&sweep->ports, sweep->plan->seed);
    sweep->unused_wanted = false;
    if (port == 0 || !ask(sweep, now_us, TCP_PORTS_NONE, port))
        sweep->word_void = true;
    return true;
}

static bool some_left(const struct tcp_sweep *sweep)
{
    return tcp_ports_left(&sweep->ports) > 0 || sweep->unused_wanted;
}

/* --- time --- */

/* Without ports nothing has to be left alone. */
static bool ports_over(const struct tcp_sweep *sweep, uint64_t now_us)
{
    return sweep->ports.count > 0 && plan_ports_over(sweep->plan, now_us);
}

static void check_deadlines(struct tcp_sweep *sweep, uint64_t now_us)
{
    if (ports_over(sweep, now_us))
        abandon(sweep, REASON_NEVER_REACHED);
    if (tcp_control_overdue(&sweep->control, now_us))
        tcp_sweep_control_failed(sweep, now_us, ETIMEDOUT);
    struct pending_connect *overdue;
    while (sweep->control.state == CONTROL_READY && (overdue = connects_overdue(&sweep->connects, now_us)))
        settle_overdue(sweep, now_us, overdue);
}

static bool unlisten(struct tcp_sweep *sweep, struct tcp_action *action)
{
    uint16_t port;
    if (!connects_clear(&sweep->connects, &port))
        return false;
    *action = (struct tcp_action){.kind = TCP_UNLISTEN, .port = port};
    return true;
}

static uint64_t wake_us(struct tcp_sweep *sweep)
{
    uint64_t wake = tcp_control_wake_us(&sweep->control);
    if (sweep->ports.count > 0 && sweep->plan->ports_until_us > 0 && sweep->plan->ports_until_us < wake)
        wake = sweep->plan->ports_until_us;
    if (sweep->control.state != CONTROL_READY)
        return wake;
    uint64_t overdue = connects_wake_us(&sweep->connects);
    if (overdue < wake)
        wake = overdue;
    if (some_left(sweep) && tcp_rounds_room(sweep) && sweep->next_connect_us < wake)
        wake = sweep->next_connect_us;
    return wake;
}

enum tcp_action_kind tcp_sweep_next(struct tcp_sweep *sweep, uint64_t now_us, struct tcp_action *action)
{
    check_deadlines(sweep, now_us);
    for (;;) {
        if (unlisten(sweep, action) || tcp_control_next(&sweep->control, now_us, action))
            return action->kind;
        if (sweep->control.state == CONTROL_CLOSED)
            return action->kind = TCP_DONE;
        if (start_port(sweep, now_us, action)) {
            if (!sweep->plan->live)
                return action->kind;
            continue;
        }
        if (start_unused(sweep, now_us))
            continue;
        if (sweep->control.state == CONTROL_READY && !some_left(sweep) && connects_empty(&sweep->connects)) {
            if (!tcp_rounds_go_on(sweep, now_us)) {
                tcp_rounds_conclude(sweep);
                end(sweep, VERDICT_NOT_TESTED, REASON_NEVER_REACHED, TRI_UNKNOWN);
            }
            continue;
        }
        action->wake_us = wake_us(sweep);
        return action->kind = TCP_WAIT;
    }
}

void tcp_sweep_get_progress(const struct tcp_sweep *sweep, uint64_t now_us, struct sweep_progress *progress)
{
    uint32_t rounds = tcp_ports_left(&sweep->ports) / TURN_CONNECTS_MAX + 1u;
    bool ended = sweep->control.state == CONTROL_CLOSED;
    (void)now_us;
    *progress = (struct sweep_progress){.ports_done = sweep->ports.done,
                                        .ports_total = sweep->ports.count,
                                        .remaining_us = ended ? 0 : rounds * CONNECT_TIMEOUT_US,
                                        .stage = "testing TCP ports"};
}

bool tcp_sweep_answered(const struct tcp_sweep *sweep)
{
    return sweep->control.answered;
}
