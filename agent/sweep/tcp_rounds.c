#include "sweep/tcp_rounds.h"

#include "sweep/tcp_belief.h"
#include "sweep/tcp_engine.h"

bool tcp_rounds_room(struct tcp_sweep *sweep)
{
    return sweep->round == ROUND_ALONE ? connects_empty(&sweep->connects) : connects_room(&sweep->connects) != NULL;
}

/* A port that passed does not alone. What arrived may have been another's, which then was answered: those are looked
 * at. Without raw sockets nobody sees what arrives at other ports, and every pass may be another port's. */
static void miss(struct tcp_sweep *sweep, uint32_t index)
{
    sweep->missed = index;
    sweep->ports.retry_count = 0;
    sweep->pass_in_doubt = !sweep->plan->live || tcp_ports_put_back_turned_away(&sweep->ports);
}

void tcp_rounds_settle(struct tcp_sweep *sweep, uint32_t index, enum verdict verdict, enum reason reason)
{
    struct port_result *result = tcp_ports_at(&sweep->ports, index);
    if (verdict == VERDICT_PASS)
        sweep->arrived_last = result->port;
    else if (verdict == VERDICT_IN_USE || verdict == VERDICT_INCONCLUSIVE) /* this host's doing, or the server's */
        sweep->untried = reason == REASON_NONE ? REASON_LOCAL_ERROR : reason;
    else if (result->verdict == VERDICT_PASS && sweep->astray)
        tcp_ports_judge_anew(&sweep->ports, index, VERDICT_CLOSED, REASON_TIMEOUT);
    else if (result->verdict == VERDICT_PASS)
        miss(sweep, index);
}

/* This allocation's connection to some port came to another one of this host. Only while it is the one that is under
 * way, and no copy of the one before, it is known to which. */
bool tcp_rounds_arrived_elsewhere(struct tcp_sweep *sweep, uint16_t port, const struct address *from)
{
    struct pending_connect *pending = connects_any(&sweep->connects);
    if (!sweep->plan->live || !address_equal(from, &sweep->control.relayed))
        return false;
    if (sweep->round != ROUND_ALONE) {
        sweep->astray = sweep->astray || !tcp_ports_tried(&sweep->ports, port);
        return false;
    }
    if (!pending || pending->index == TCP_PORTS_NONE || port == sweep->arrived_last)
        return false;
    report_warn(
        sweep->report, "other_port",
        "What is sent to TCP port %u from outside arrives at port %u of this host: the forward changes the port.",
        (unsigned)pending->port, (unsigned)port);
    tcp_ports_judge_anew(&sweep->ports, pending->index, VERDICT_CLOSED, REASON_TIMEOUT);
    if (!sweep->astray)
        tcp_ports_put_back_answered(&sweep->ports, pending->index);
    sweep->astray = true;
    return true;
}

static void begin_round(struct tcp_sweep *sweep, uint64_t now_us, enum round round)
{
    sweep->round = round;
    tcp_control_open_anew(&sweep->control, now_us);
}

/* When some ports failed, a new allocation shows that the server still works, and a port that passed before shows that
 * the router still lets it in; a router that bans who connects to many ports would not. */
static bool put_back_for_alone(struct tcp_sweep *sweep)
{
    if (sweep->blocked != REASON_NONE || (!sweep->astray && !tcp_ports_some_failed(&sweep->ports)))
        return false;
    if (sweep->astray)
        tcp_ports_put_back_answered(&sweep->ports, TCP_PORTS_NONE);
    else
        tcp_ports_put_back_nearest(&sweep->ports);
    return true;
}

bool tcp_rounds_go_on(struct tcp_sweep *sweep, uint64_t now_us)
{
    if (sweep->round == ROUND_ALONE)
        return false;
    if (sweep->blocked == REASON_NONE && sweep->again > 0 && tcp_ports_put_back_silent(&sweep->ports)) {
        sweep->again--;
        begin_round(sweep, now_us, ROUND_AGAIN);
        return true;
    }
    sweep->unused_wanted = tcp_ports_some_elsewhere(&sweep->ports); /* only the server vouches for another host */
    if (!put_back_for_alone(sweep) && !sweep->unused_wanted)
        return false;
    begin_round(sweep, now_us, ROUND_ALONE);
    return true;
}

/* The relay's address is the server's second one, and nothing ever came from there. */
static bool relay_never_heard(const struct tcp_sweep *sweep)
{
    return sweep->report->path.second_heard == TRI_NO && !tcp_ports_some_passed(&sweep->ports) &&
           address_same_ip(&sweep->control.relayed, &sweep->report->server_other_address);
}

/* Nothing arrives at a port that passed when it is tried alone: either nothing is let in any more, or what arrived was
 * another port's. */
static void explain_miss(struct tcp_sweep *sweep)
{
    if (sweep->astray) {
        tcp_ports_judge_anew(&sweep->ports, sweep->missed, VERDICT_CLOSED, REASON_TIMEOUT);
        return;
    }
    if (sweep->pass_in_doubt)
        tcp_ports_judge_anew(&sweep->ports, sweep->missed, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION);
    tcp_ports_doubt_failures(&sweep->ports, REASON_SCAN_PROTECTION);
    if (!sweep->plan->live)
        tcp_ports_doubt_passes(&sweep->ports, REASON_SCAN_PROTECTION);
    report_warn(sweep->report, "scan_protection",
                "A TCP port that was open is closed now: the router seems to block port scans.");
}

void tcp_rounds_conclude(struct tcp_sweep *sweep)
{
    tcp_belief_conclude(sweep);
    if (sweep->blocked != REASON_NONE) { /* the relay's address is the one that was blocked, or nothing new gets in */
        tcp_ports_doubt_failures(&sweep->ports, sweep->blocked);
    } else if (sweep->missed != TCP_PORTS_NONE) {
        explain_miss(sweep);
    } else if (sweep->untried != REASON_NONE) {
        tcp_ports_doubt_failures(&sweep->ports, sweep->untried);
    } else if (relay_never_heard(sweep)) {
        tcp_ports_doubt_failures(&sweep->ports, REASON_SERVER_FAULT);
    } else if (sweep->report->path.loss_too_high) {
        tcp_ports_doubt_silence(&sweep->ports, REASON_LOSS);
    }
}
