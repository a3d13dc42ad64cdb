#include "sweep/tcp_sweep.h"

#include "sweep/connects.h"
#include "sweep/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CONTROL_TIMEOUT_US 8000000u /* for connection and allocation together: three SYNs and a handshake */
#define OPENINGS_MAX 3u             /* of the control connection, when the server drops it */
#define REFUSED_US 1500000u         /* a "no" later than this is somebody's time-out, not a refusal */
#define GRACE_US 500000u            /* between the server's word and the packet it speaks of: they race */

/* The server's kernel repeats a SYN after 1, 3 and 7 seconds: three of them arrive in time when nothing is lost, four
 * when the UDP ports saw loss. Less than the 30 s after which the server itself gives up. */
#define CONNECT_TIMEOUT_US 3500000u
#define CONNECT_TIMEOUT_LOSSY_US 8000000u

#define FORBIDDEN 403
#define TIMEOUT_OR_FAILURE 447
#define UNAUTHORIZED 401
#define STALE_NONCE 438

enum stage {
    STAGE_OPENING,    /* TCP to the server */
    STAGE_ALLOCATING, /* a relayed address */
    STAGE_SWEEPING,
    STAGE_ENDED
};

struct tcp_sweep {
    const struct plan *plan;
    struct report *report;
    struct address server, relayed, own;
    uint32_t first, count; /* the TCP ports' place in the report */
    struct order order;
    uint32_t taken, done;
    enum stage stage;
    struct turn_tcp *turn;
    unsigned openings;
    bool open_wanted, close_wanted;
    bool reached;  /* TCP stood */
    bool answered; /* and TURN was spoken */
    uint64_t control_due_us, next_connect_us, connect_timeout_us;
    uint32_t sentinel;                    /* a port that passed, tried again at the end; UINT32_MAX = none */
    bool sentinel_round, sentinel_failed; /* the last round, on a new allocation */
    struct connects connects;
    uint32_t *retry; /* ports whose Connect was cut off with the control connection */
    uint32_t retry_count;
};

/* --- the report --- */

static struct port_result *result_of(const struct tcp_sweep *sweep, uint32_t index)
{
    return &sweep->report->ports[index];
}

static void judge(struct tcp_sweep *sweep, uint32_t index, enum verdict verdict, enum reason reason)
{
    struct port_result *result = result_of(sweep, index);
    result->verdict = (uint8_t)verdict;
    result->reason = (uint8_t)reason;
    sweep->done++;
}

/* Every port that has no verdict of its own gets this one. */
static void judge_rest(struct tcp_sweep *sweep, enum verdict verdict, enum reason reason)
{
    for (uint32_t i = sweep->first; i < sweep->first + sweep->count; i++) {
        struct port_result *result = result_of(sweep, i);
        if (result->verdict == VERDICT_NOT_TESTED) {
            result->verdict = (uint8_t)verdict;
            result->reason = (uint8_t)reason;
            result->reached = sweep->reached ? TRI_YES : TRI_NO;
        }
    }
    sweep->done = sweep->count;
}

/* Failures that a common cause explains better. */
static void doubt_failures(struct tcp_sweep *sweep, enum reason reason)
{
    for (uint32_t i = sweep->first; i < sweep->first + sweep->count; i++) {
        struct port_result *result = result_of(sweep, i);
        if (result->verdict == VERDICT_CLOSED || result->verdict == VERDICT_REFUSED) {
            result->verdict = VERDICT_INCONCLUSIVE;
            result->reason = (uint8_t)reason;
            result->inbound = result->unsolicited = TRI_UNKNOWN;
        }
    }
}

static void end(struct tcp_sweep *sweep)
{
    if (sweep->stage == STAGE_OPENING || sweep->stage == STAGE_ALLOCATING || sweep->stage == STAGE_SWEEPING)
        sweep->close_wanted = true;
    sweep->open_wanted = false;
    sweep->stage = STAGE_ENDED;
    for (struct pending_connect *pending; (pending = connects_any(&sweep->connects));)
        pending->ended = true;
}

/* --- life --- */

static int find_ports(struct tcp_sweep *sweep)
{
    const struct report *report = sweep->report;
    while (sweep->first < report->port_count && report->ports[sweep->first].transport != TRANSPORT_TCP)
        sweep->first++;
    while (sweep->first + sweep->count < report->port_count)
        sweep->count++;
    for (uint32_t i = sweep->first; i < sweep->first + sweep->count; i++) {
        struct port_result *result = result_of(sweep, i);
        result->verdict = VERDICT_NOT_TESTED;
        result->reason = REASON_NEVER_REACHED;
        result->live = sweep->plan->live;
    }
    sweep->order = order_make(sweep->count, sweep->plan->seed);
    sweep->retry = calloc(sweep->count + 1u, sizeof *sweep->retry);
    return sweep->retry ? 0 : -ENOMEM;
}

static bool loss_was_seen(const struct report *report)
{
    for (size_t i = 0; i < report->port_count; i++)
        if (report->ports[i].reason == REASON_LOSS)
            return true;
    return false;
}

static void open_control(struct tcp_sweep *sweep, uint64_t now_us)
{
    sweep->stage = STAGE_OPENING;
    sweep->open_wanted = true;
    sweep->openings++;
    sweep->control_due_us = now_us + CONTROL_TIMEOUT_US;
}

struct tcp_sweep *tcp_sweep_create(const struct plan *plan, const struct address *server, struct report *report,
                                   uint64_t now_us)
{
    struct tcp_sweep *sweep = calloc(1, sizeof *sweep);
    if (!sweep)
        return NULL;
    sweep->plan = plan;
    sweep->report = report;
    sweep->server = *server;
    sweep->sentinel = UINT32_MAX;
    sweep->connect_timeout_us = loss_was_seen(report) ? CONNECT_TIMEOUT_LOSSY_US : CONNECT_TIMEOUT_US;
    if (find_ports(sweep) != 0) {
        free(sweep);
        return NULL;
    }
    open_control(sweep, now_us);
    return sweep;
}

void tcp_sweep_destroy(struct tcp_sweep *sweep)
{
    if (!sweep)
        return;
    turn_tcp_destroy(sweep->turn);
    free(sweep->retry);
    free(sweep);
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
        if (sweep->sentinel_round)
            sweep->sentinel = pending->index;
        else
            sweep->retry[sweep->retry_count++] = pending->index;
        pending->ended = true;
    }
}

/* The server dropped us. It may try again; if not, what is left is its fault and no port's. */
static void lose_control(struct tcp_sweep *sweep, uint64_t now_us)
{
    put_back_pending(sweep);
    if (sweep->openings < OPENINGS_MAX) {
        sweep->close_wanted = true;
        open_control(sweep, now_us);
        return;
    }
    doubt_failures(sweep, REASON_SERVER_FAULT);
    judge_rest(sweep, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    end(sweep);
}

void tcp_sweep_control_opened(struct tcp_sweep *sweep, uint64_t now_us)
{
    if (sweep->stage != STAGE_OPENING)
        return;
    turn_tcp_destroy(sweep->turn);
    sweep->turn = turn_tcp_create(sweep->plan->user, sweep->plan->password, sweep->plan->seed + sweep->openings);
    sweep->reached = true;
    sweep->stage = STAGE_ALLOCATING;
    if (!sweep->turn) {
        judge_rest(sweep, VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR);
        end(sweep);
    }
    (void)now_us;
}

void tcp_sweep_control_failed(struct tcp_sweep *sweep, uint64_t now_us, int error)
{
    if (sweep->stage == STAGE_ENDED)
        return;
    if (sweep->reached) {
        lose_control(sweep, now_us);
        return;
    }
    judge_rest(sweep, VERDICT_UNREACHABLE, reason_of(error));
    end(sweep);
}

/* No relayed address: what the server said decides what that says about the ports - nothing about the firewall. */
static void refuse_allocation(struct tcp_sweep *sweep, uint16_t code)
{
    bool credentials = code == UNAUTHORIZED || code == STALE_NONCE;
    if (credentials)
        report_warn(sweep->report, "turn_unauthorized",
                    "TCP ports could not be tested: the TURN server refuses the credentials.");
    else if (code != 0)
        report_warn(sweep->report, "no_relay",
                    "TCP ports could not be tested: the TURN server gives no TCP relay (error %u).", (unsigned)code);
    if (credentials)
        judge_rest(sweep, VERDICT_NOT_TESTED, REASON_NO_TURN_CREDENTIALS);
    else
        judge_rest(sweep, code == 0 ? VERDICT_BAD_RESPONSE : VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
    end(sweep);
}

static void allocated(struct tcp_sweep *sweep, const struct turn_event *event)
{
    sweep->relayed = event->address;
    sweep->own = event->mapped;
    sweep->stage = STAGE_SWEEPING;
    /* What arrives must come from the relayed address; one that the internet does not know arrives from another. */
    if (address_is_private(&event->address) && !address_is_private(&sweep->server)) {
        report_warn(sweep->report, "no_relay",
                    "TCP ports could not be tested: the TURN server relays from a private address.");
        judge_rest(sweep, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
        end(sweep);
    }
}

/* --- ports --- */

static void settle(struct tcp_sweep *sweep, struct pending_connect *pending, enum verdict verdict, enum reason reason)
{
    pending->ended = true;
    turn_tcp_forget(sweep->turn, pending->port);
    if (sweep->sentinel_round) {
        sweep->sentinel_failed = verdict != VERDICT_PASS;
        return;
    }
    struct port_result *result = result_of(sweep, pending->index);
    bool known = verdict == VERDICT_PASS || verdict == VERDICT_CLOSED || verdict == VERDICT_REFUSED ||
                 verdict == VERDICT_WRONG_HOST;
    result->reached = TRI_YES;
    result->inbound = result->unsolicited = (uint8_t)(!known                    ? TRI_UNKNOWN
                                                      : verdict == VERDICT_PASS ? TRI_YES
                                                                                : TRI_NO);
    if (verdict == VERDICT_PASS)
        sweep->sentinel = pending->index;
    judge(sweep, pending->index, verdict, reason);
}

/* The server's word is in, or time is up: what has not arrived by now will not. */
static void settle_overdue(struct tcp_sweep *sweep, struct pending_connect *pending)
{
    if (pending->connected)
        settle(sweep, pending, VERDICT_WRONG_HOST, REASON_NONE);
    else if (pending->failed)
        settle(sweep, pending, VERDICT_REFUSED, REASON_NONE);
    else
        settle(sweep, pending, VERDICT_CLOSED, REASON_TIMEOUT);
}

void tcp_sweep_arrived(struct tcp_sweep *sweep, uint64_t now_us, uint16_t port, const struct address *from)
{
    struct pending_connect *pending = connects_find(&sweep->connects, port);
    if (!pending || sweep->stage != STAGE_SWEEPING || !address_same_ip(from, &sweep->relayed))
        return;
    if (!sweep->sentinel_round)
        result_of(sweep, pending->index)->rtt_us = (int32_t)(now_us - pending->asked_us);
    settle(sweep, pending, VERDICT_PASS, REASON_NONE);
}

void tcp_sweep_listen_failed(struct tcp_sweep *sweep, uint16_t port, int error, const struct port_owner *owner)
{
    struct pending_connect *pending = connects_find(&sweep->connects, port);
    if (!pending)
        return;
    pending->listening = false;
    bool held = error == EADDRINUSE;
    if (owner)
        report_set_owner(sweep->report, result_of(sweep, pending->index), owner);
    settle(sweep, pending, held ? VERDICT_IN_USE : VERDICT_INCONCLUSIVE, held ? REASON_NONE : REASON_LOCAL_ERROR);
    result_of(sweep, pending->index)->reached = TRI_UNKNOWN;
}

static void connect_answered(struct tcp_sweep *sweep, uint64_t now_us, const struct turn_event *event)
{
    struct pending_connect *pending = connects_find(&sweep->connects, (uint16_t)event->token);
    if (!pending)
        return;
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
    pending->due_us = now_us + GRACE_US;
}

void tcp_sweep_control_received(struct tcp_sweep *sweep, uint64_t now_us, const uint8_t *bytes, size_t len)
{
    while (len > 0 && (sweep->stage == STAGE_ALLOCATING || sweep->stage == STAGE_SWEEPING)) {
        bool has_event;
        struct turn_event event;
        size_t taken = turn_tcp_input(sweep->turn, now_us, bytes, len, &has_event, &event);
        bytes += taken;
        len -= taken;
        if (!has_event)
            continue;
        sweep->answered |= event.kind != TURN_FAILED || event.error_code != 0;
        if (event.kind == TURN_ALLOCATED)
            allocated(sweep, &event);
        else if (event.kind != TURN_FAILED)
            connect_answered(sweep, now_us, &event);
        else if (sweep->stage == STAGE_ALLOCATING && sweep->openings == 1)
            refuse_allocation(sweep, event.error_code);
        else
            lose_control(sweep, now_us);
    }
}

/* The next port of the shuffled order, cut-off ones first; UINT32_MAX when there is none. */
static uint32_t take_port(struct tcp_sweep *sweep)
{
    if (sweep->sentinel_round)
        return UINT32_MAX;
    if (sweep->retry_count > 0)
        return sweep->retry[--sweep->retry_count];
    return sweep->taken < sweep->count ? sweep->first + order_at(&sweep->order, sweep->taken++) : UINT32_MAX;
}

static uint32_t ports_left(const struct tcp_sweep *sweep)
{
    return sweep->sentinel_round ? 0 : sweep->retry_count + sweep->count - sweep->taken;
}

static bool begin_port(struct tcp_sweep *sweep, uint64_t now_us, uint32_t index)
{
    struct pending_connect *pending = connects_room(&sweep->connects);
    struct address peer = sweep->own;
    peer.port = result_of(sweep, index)->port;
    if (!pending || turn_tcp_connect(sweep->turn, &peer, peer.port) != 0)
        return false;
    *pending = (struct pending_connect){.index = index,
                                        .port = peer.port,
                                        .used = true,
                                        .listening = !sweep->plan->live,
                                        .asked_us = now_us,
                                        .due_us = now_us + sweep->connect_timeout_us};
    struct port_result *result = result_of(sweep, index);
    result->attempts = (uint8_t)(result->attempts + (result->attempts < UINT8_MAX));
    return true;
}

/* Starts one port when the pace allows it. Returns whether it did. */
static bool start_port(struct tcp_sweep *sweep, uint64_t now_us, struct tcp_action *action)
{
    if (sweep->stage != STAGE_SWEEPING || ports_left(sweep) == 0 || now_us < sweep->next_connect_us ||
        connects_room(&sweep->connects) == NULL)
        return false;
    uint32_t index = take_port(sweep);
    if (!begin_port(sweep, now_us, index)) {
        sweep->retry[sweep->retry_count++] = index;
        return false;
    }
    if (sweep->plan->pace_pps > 0)
        sweep->next_connect_us = now_us + 1000000u / sweep->plan->pace_pps;
    *action = (struct tcp_action){.kind = TCP_LISTEN, .port = result_of(sweep, index)->port};
    return true;
}

static bool failures_to_confirm(const struct tcp_sweep *sweep)
{
    for (uint32_t i = sweep->first; i < sweep->first + sweep->count; i++) {
        uint8_t verdict = result_of(sweep, i)->verdict;
        if (verdict == VERDICT_CLOSED || verdict == VERDICT_REFUSED)
            return true;
    }
    return false;
}

/* All ports are judged. When some failed, a new allocation shows that the server still works, and a port that passed
 * before shows that the router still lets it in; a router that bans who connects to many ports would not. */
static void finish_round(struct tcp_sweep *sweep, uint64_t now_us)
{
    if (sweep->sentinel_round || !failures_to_confirm(sweep)) {
        if (sweep->sentinel_failed) {
            doubt_failures(sweep, REASON_SCAN_PROTECTION);
            report_warn(sweep->report, "scan_protection",
                        "A TCP port that was open is closed now: the router seems to block port scans.");
        }
        end(sweep);
        return;
    }
    sweep->sentinel_round = true;
    sweep->close_wanted = true;
    sweep->openings = 1;
    open_control(sweep, now_us);
}

/* --- time --- */

static void check_deadlines(struct tcp_sweep *sweep, uint64_t now_us)
{
    if ((sweep->stage == STAGE_OPENING || sweep->stage == STAGE_ALLOCATING) && now_us >= sweep->control_due_us)
        tcp_sweep_control_failed(sweep, now_us, ETIMEDOUT);
    struct pending_connect *overdue;
    while (sweep->stage == STAGE_SWEEPING && (overdue = connects_overdue(&sweep->connects, now_us)))
        settle_overdue(sweep, overdue);
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
    if (sweep->stage == STAGE_OPENING || sweep->stage == STAGE_ALLOCATING)
        return sweep->control_due_us;
    uint64_t wake = connects_wake_us(&sweep->connects), refresh = turn_tcp_wake_us(sweep->turn);
    if (ports_left(sweep) > 0 && connects_room(&sweep->connects) && sweep->next_connect_us < wake)
        wake = sweep->next_connect_us;
    return refresh < wake ? refresh : wake;
}

static bool control_action(struct tcp_sweep *sweep, uint64_t now_us, struct tcp_action *action)
{
    if (sweep->close_wanted) {
        sweep->close_wanted = false;
        action->kind = TCP_CONTROL_CLOSE;
        return true;
    }
    if (sweep->open_wanted) {
        sweep->open_wanted = false;
        *action = (struct tcp_action){.kind = TCP_CONTROL_OPEN, .address = sweep->server};
        return true;
    }
    if (sweep->stage != STAGE_ALLOCATING && sweep->stage != STAGE_SWEEPING)
        return false;
    action->kind = TCP_CONTROL_SEND;
    action->len = turn_tcp_output(sweep->turn, now_us, action->bytes);
    return action->len > 0;
}

static bool start_sentinel(struct tcp_sweep *sweep, uint64_t now_us, struct tcp_action *action)
{
    if (!sweep->sentinel_round || sweep->stage != STAGE_SWEEPING || sweep->sentinel == UINT32_MAX)
        return false;
    uint32_t index = sweep->sentinel;
    sweep->sentinel = UINT32_MAX;
    if (!begin_port(sweep, now_us, index))
        return false;
    *action = (struct tcp_action){.kind = TCP_LISTEN, .port = result_of(sweep, index)->port};
    return true;
}

enum tcp_action_kind tcp_sweep_next(struct tcp_sweep *sweep, uint64_t now_us, struct tcp_action *action)
{
    check_deadlines(sweep, now_us);
    for (;;) {
        if (unlisten(sweep, action) || control_action(sweep, now_us, action))
            return action->kind;
        if (sweep->stage == STAGE_ENDED)
            return action->kind = TCP_DONE;
        if (start_sentinel(sweep, now_us, action) || start_port(sweep, now_us, action)) {
            if (!sweep->plan->live)
                return action->kind;
            continue;
        }
        if (sweep->stage == STAGE_SWEEPING && ports_left(sweep) == 0 && connects_empty(&sweep->connects)) {
            finish_round(sweep, now_us);
            continue;
        }
        action->wake_us = wake_us(sweep);
        return action->kind = TCP_WAIT;
    }
}

void tcp_sweep_cancel(struct tcp_sweep *sweep, uint64_t now_us)
{
    (void)now_us;
    if (sweep->stage == STAGE_ENDED)
        return;
    judge_rest(sweep, VERDICT_NOT_TESTED, REASON_CANCELLED);
    for (uint32_t i = sweep->first; i < sweep->first + sweep->count; i++)
        if (result_of(sweep, i)->verdict == VERDICT_NOT_TESTED)
            result_of(sweep, i)->reached = TRI_UNKNOWN;
    end(sweep);
}

void tcp_sweep_get_progress(const struct tcp_sweep *sweep, uint64_t now_us, struct sweep_progress *progress)
{
    uint32_t rounds = ports_left(sweep) / TURN_CONNECTS_MAX + 1u;
    (void)now_us;
    *progress =
        (struct sweep_progress){.ports_done = sweep->done,
                                .ports_total = sweep->count,
                                .remaining_us = sweep->stage == STAGE_ENDED ? 0 : rounds * sweep->connect_timeout_us,
                                .stage = "testing TCP ports"};
}

bool tcp_sweep_answered(const struct tcp_sweep *sweep)
{
    return sweep->answered;
}
