#include "sweep/sweep.h"

#include "base/list.h"
#include "sweep/behaviour.h"
#include "sweep/candidates.h"
#include "sweep/courier.h"
#include "sweep/outcome.h"
#include "sweep/port_test.h"
#include "sweep/qualification.h"
#include "sweep/roster.h"
#include "sweep/suspects.h"
#include "sweep/verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_MAX 4096u          /* ports under test at a time: a few hundred bytes each */
#define PINGS 12                  /* in a row at the start, to know RTT and loss before a port is given up */
#define ROUND_INTERVAL_US 500000u /* between two proofs of the second address */
#define GAP_US 2000000u /* between two proofs, and some round trips: what fails in a longer one is tested again */
#define CONSENT_RETRY_US 300000u
#define SCOUTS 3 /* ports whose Test 1 is tried before a silent server is given up */
#define SCOUT_SENDS 3
#define RETRIES_MAX 3            /* of one port, because of loss or a server that failed */
#define BLOCK_PAUSE_US 10000000u /* of a suspected block, before the next look; bans last 30 s to some minutes */
#define NO_SLOT UINT16_MAX
#define NO_ROLE ROLE_COUNT

enum stage { STAGE_QUALIFYING, STAGE_SCOUTING, STAGE_SWEEPING, STAGE_ENDED };

/* Why a port is under test: to be judged; to see whether a silent server answers ports (Test 1 only); or, as it passed
 * before, to see whether the second address still gets through. */
enum errand { ERRAND_JUDGE, ERRAND_SCOUT, ERRAND_SENTINEL };

/* A port under test; its exchange is PROBE_COUNT + the slot's number. */
struct slot {
    struct list link; /* in one of the lists of struct sweep */
    uint32_t index;   /* in the roster */
    uint16_t port;
    enum port_state state;
    enum errand errand;
    uint64_t began_us;
    bool opened;
};

struct held_port {
    uint32_t index;
    struct port_owner owner;
};

struct sweep {
    const struct plan *plan;
    uint64_t started_us, ended_us, swept_since_us;
    enum stage stage;
    enum sweep_end end;
    struct courier *courier;
    struct roster *roster;
    struct suspects *suspects;
    struct candidates candidates;
    struct qualification qualification;
    size_t server;             /* in the plan */
    struct qualification told; /* of the server that the report tells of: the last that ports were tested with */
    size_t told_server;
    bool blind; /* ephemeral ports get no answer, ports under test do */
    bool scout_answered;
    uint32_t endpoints;  /* ephemeral ones opened so far */
    enum role opening;   /* the role whose endpoint is being opened, or NO_ROLE */
    uint32_t pings;      /* still to be sent without waiting */
    uint64_t consent_us; /* when PROBE_CONSENT is due */
    uint64_t round_began_us, round_ended_us;
    bool round_open;
    bool round_worked; /* a round has proven the second address before, so that a failed one means something */
    bool blocked;      /* the second address stopped getting through: nothing new is tested */
    uint64_t blocked_until_us, patience_us;
    uint32_t passed; /* the newest port whose Test 2 was answered, the next sentinel */
    bool sentinel_wanted, sentinel_out;
    uint32_t scouts_sent;
    enum probe asking;            /* waits for its endpoints to be opened, or PROBE_COUNT */
    uint64_t last_finished_us;    /* when the newest port was */
    uint64_t first_proven_us;     /* when the newest PROBE_CONSENT that was answered was asked */
    struct address scouted_other; /* OTHER-ADDRESS as a scout heard it */
    uint32_t done;                /* ports, for the progress */
    uint32_t window, slot_count, active;
    struct slot *slots;
    struct list free_slots, active_slots, closing_slots;
    uint32_t closing[ROLE_COUNT * 2]; /* ephemeral endpoints to be closed */
    unsigned closing_count;
    uint16_t *slot_of; /* of each UDP port */
    struct observation *seen;
    struct circumstances circumstances[PLAN_SERVERS_MAX];
    struct held_port *held;
    size_t held_count;
};

/* --- life --- */

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static int allocate(struct sweep *sweep)
{
    const struct plan *plan = sweep->plan;
    sweep->roster = roster_create(&plan->ports, plan->seed);
    if (sweep->roster == NULL)
        return -ENOMEM;
    uint32_t ports = roster_udp_size(sweep->roster);
    uint32_t wanted = plan->window == 0 ? WINDOW_MAX : smaller(plan->window, WINDOW_MAX);
    sweep->slot_count = smaller(wanted, ports > 0 ? ports : 1);
    sweep->window = sweep->slot_count;
    sweep->courier = courier_create(plan, PROBE_COUNT + sweep->slot_count);
    sweep->suspects = suspects_create(ports);
    sweep->slots = calloc(sweep->slot_count, sizeof(*sweep->slots));
    sweep->slot_of = malloc((ports + 1u) * sizeof(*sweep->slot_of));
    sweep->seen = calloc(ports + 1u, sizeof(*sweep->seen));
    bool complete = sweep->courier != NULL && sweep->suspects != NULL && sweep->slots != NULL &&
                    sweep->slot_of != NULL && sweep->seen != NULL;
    return complete ? 0 : -ENOMEM;
}

static void forget_port(struct sweep *sweep, uint32_t index, enum reason reason)
{
    struct observation *seen = &sweep->seen[index];
    *seen = (struct observation){
        .reason = (uint8_t)reason, .rtt_us = RTT_UNKNOWN_US, .tries = seen->tries, .server = (uint8_t)sweep->server};
    roster_range(sweep->roster, index, &seen->port);
}

static void begin_server(struct sweep *sweep, size_t server);

struct sweep *sweep_create(const struct plan *plan, uint64_t now_us)
{
    struct sweep *sweep = calloc(1, sizeof(*sweep));
    if (sweep == NULL)
        return NULL;
    sweep->plan = plan;
    sweep->started_us = now_us;
    sweep->opening = NO_ROLE;
    sweep->patience_us = plan->patience_us;
    list_init(&sweep->free_slots);
    list_init(&sweep->active_slots);
    list_init(&sweep->closing_slots);
    if (allocate(sweep) != 0) {
        sweep_destroy(sweep);
        return NULL;
    }
    for (uint32_t i = 0; i < sweep->slot_count; i++)
        list_append(&sweep->free_slots, &sweep->slots[i].link);
    for (uint32_t i = 0; i < roster_udp_size(sweep->roster); i++) {
        sweep->slot_of[i] = NO_SLOT;
        forget_port(sweep, i, REASON_NEVER_REACHED);
    }
    sweep->candidates = candidates_make(plan);
    begin_server(sweep, 0);
    return sweep;
}

void sweep_destroy(struct sweep *sweep)
{
    if (sweep == NULL)
        return;
    roster_destroy(sweep->roster);
    courier_destroy(sweep->courier);
    suspects_destroy(sweep->suspects);
    free(sweep->slots);
    free(sweep->slot_of);
    free(sweep->seen);
    free(sweep->held);
    free(sweep);
}

/* --- ephemeral endpoints --- */

static void close_role(struct sweep *sweep, enum role role)
{
    uint32_t *endpoint = &sweep->qualification.endpoints[role];
    if (*endpoint != 0)
        sweep->closing[sweep->closing_count++] = *endpoint;
    *endpoint = 0;
    courier_forget_identity(sweep->courier, role);
}

static void open_role(struct sweep *sweep, enum role role, struct sweep_action *action)
{
    sweep->opening = role;
    action->kind = SWEEP_OPEN;
    action->endpoint = sweep->qualification.endpoints[role] = SWEEP_EPHEMERAL + sweep->endpoints++;
}

/* --- a server --- */

static bool second_possible(const struct sweep *sweep)
{
    return address_known(&sweep->qualification.other) && sweep->qualification.second != TRI_NO;
}

static bool t3_possible(const struct sweep *sweep)
{
    return second_possible(sweep) && qualification_answers(&sweep->qualification) &&
           sweep->qualification.response_port != TRI_NO;
}

/* Keeps what judges the ports that were tested with the server in use, and what the report tells of it. */
static void note_circumstances(struct sweep *sweep)
{
    const struct qualification *qualification = &sweep->qualification;
    struct nat_behaviour behaviour = behaviour_of(qualification);
    sweep->circumstances[sweep->server] =
        (struct circumstances){.second = address_known(&qualification->other) ? qualification->second : TRI_NO,
                               .response_port = qualification->response_port,
                               .filtering = behaviour.filtering,
                               .unfiltered = behaviour.unfiltered,
                               .public_address = qualification->records[PROBE_BASIC].mapped,
                               .sends_needed = loss_sends_needed(courier_loss(sweep->courier)),
                               .loss_too_high = loss_too_high(courier_loss(sweep->courier))};
    if (sweep->stage == STAGE_SWEEPING || sweep->swept_since_us == 0) {
        sweep->told = *qualification;
        sweep->told_server = sweep->server;
    }
}

static void begin_server(struct sweep *sweep, size_t server)
{
    for (enum role role = 0; role < ROLE_COUNT; role++)
        close_role(sweep, role);
    courier_change_server(sweep->courier);
    sweep->server = server;
    sweep->stage = STAGE_QUALIFYING;
    sweep->blind = sweep->scout_answered = false;
    sweep->pings = PINGS;
    sweep->consent_us = 0;
    sweep->round_open = true;
    sweep->round_worked = sweep->blocked = sweep->sentinel_wanted = sweep->sentinel_out = false;
    sweep->scouts_sent = 0;
    sweep->asking = PROBE_COUNT;
    sweep->passed = ROSTER_NOBODY;
    if (server < sweep->plan->server_count)
        qualification_begin(&sweep->qualification, &sweep->plan->servers[server].address);
}

static void release_slot(struct sweep *sweep, struct slot *slot)
{
    sweep->slot_of[slot->index] = NO_SLOT;
    sweep->active--;
    courier_drop(sweep->courier, PROBE_COUNT + (uint32_t)(slot - sweep->slots));
    courier_forget_identity(sweep->courier, PROBE_COUNT + (uint32_t)(slot - sweep->slots));
    list_remove(&slot->link);
    list_append(slot->opened ? &sweep->closing_slots : &sweep->free_slots, &slot->link);
}

/* Gives a port back to be tested again; should that never happen, it is in doubt for `reason`. */
static void put_back(struct sweep *sweep, uint32_t index, enum reason reason)
{
    struct observation *seen = &sweep->seen[index];
    struct observation before = *seen;
    forget_port(sweep, index, reason);
    seen->doubted = reason != REASON_NEVER_REACHED;
    seen->tries = (uint8_t)(before.tries + (before.tries < UINT8_MAX));
    if (before.t3 == TEST_ANSWERED) { /* it was made before the port sent anything, which cannot be had again */
        seen->t3 = before.t3;
        seen->tries_t3 = before.tries_t3;
        seen->sends_t3 = before.sends_t3;
    }
    sweep->done--;
    roster_put_back(sweep->roster, index);
}

/* Takes back all that is not settled: ports under test, and failures that the server has not proven itself after. */
static void take_back(struct sweep *sweep, enum reason reason)
{
    uint32_t index;
    while (!list_empty(&sweep->active_slots)) {
        struct slot *slot = list_entry(sweep->active_slots.next, struct slot, link);
        release_slot(sweep, slot);
        if (slot->errand == ERRAND_SENTINEL)
            continue;
        sweep->done++;
        put_back(sweep, slot->index, reason);
    }
    while (suspects_take(sweep->suspects, &index))
        put_back(sweep, index, reason);
    sweep->sentinel_out = false;
}

static void end_sweep(struct sweep *sweep, enum sweep_end end, uint64_t now_us)
{
    note_circumstances(sweep);
    for (enum role role = 0; role < ROLE_COUNT; role++)
        close_role(sweep, role);
    for (uint32_t i = 0; i < PROBE_COUNT; i++)
        courier_drop(sweep->courier, i);
    sweep->stage = STAGE_ENDED;
    sweep->end = end;
    sweep->ended_us = now_us;
}

static void go_on_with(struct sweep *sweep, size_t server, enum sweep_end otherwise, uint64_t now_us)
{
    if (server == CANDIDATE_NONE) {
        end_sweep(sweep, otherwise, now_us);
        return;
    }
    note_circumstances(sweep);
    begin_server(sweep, server);
}

static void give_up_server(struct sweep *sweep, enum sweep_end otherwise, uint64_t now_us)
{
    if (sweep->done > 0) /* what was found before still stands */
        otherwise = SWEEP_END_COMPLETE;
    take_back(sweep, REASON_SERVER_FAULT);
    candidates_rank(&sweep->candidates, sweep->server, RANK_FAILED);
    go_on_with(sweep, candidates_next(&sweep->candidates), otherwise, now_us);
}

static void begin_ports(struct sweep *sweep, uint64_t now_us)
{
    candidates_use(&sweep->candidates, sweep->server, &sweep->qualification.other);
    suspects_begin(sweep->suspects, now_us);
    sweep->stage = STAGE_SWEEPING;
    if (sweep->swept_since_us == 0)
        sweep->swept_since_us = now_us;
}

static enum rank rank_of(const struct sweep *sweep)
{
    const struct qualification *qualification = &sweep->qualification;
    if (!candidates_clean(&sweep->candidates, sweep->server, &qualification->other))
        return RANK_FAILED;
    if (!qualification_answers(qualification))
        return RANK_BAD;
    switch (qualification->second) {
    case TRI_YES: return RANK_GOOD;
    case TRI_NO: return RANK_NO_SECOND;
    default: return RANK_UNPROVEN;
    }
}

static void rank_server(struct sweep *sweep, uint64_t now_us)
{
    enum rank rank = rank_of(sweep);
    candidates_rank(&sweep->candidates, sweep->server, rank);
    size_t next = candidates_next(&sweep->candidates);
    if (rank == RANK_GOOD || next == sweep->server)
        begin_ports(sweep, now_us);
    else
        go_on_with(sweep, next, SWEEP_END_NO_ANSWER, now_us);
}

/* The first round is over: is the server any good? */
static void finish_qualifying(struct sweep *sweep, uint64_t now_us)
{
    const struct probe_record *basic = &sweep->qualification.records[PROBE_BASIC];
    if (basic->outcome == TEST_ERROR && (basic->error_code == 401 || basic->error_code == 438))
        give_up_server(sweep, SWEEP_END_UNAUTHORIZED, now_us);
    else if (basic->outcome == TEST_ANSWERED || basic->outcome == TEST_ERROR)
        rank_server(sweep, now_us);
    else if (!candidates_clean(&sweep->candidates, sweep->server, &sweep->qualification.other))
        give_up_server(sweep, SWEEP_END_NO_ANSWER, now_us);
    else if (!sweep->blind)
        sweep->stage = STAGE_SCOUTING; /* the site may let out the PBX's ports only */
    else {
        qualification_announced(&sweep->qualification, &sweep->scouted_other);
        rank_server(sweep, now_us);
    }
}

static void finish_scouting(struct sweep *sweep, uint64_t now_us)
{
    if (!sweep->scout_answered) {
        give_up_server(sweep, SWEEP_END_NO_ANSWER, now_us);
        return;
    }
    for (enum role role = 0; role < ROLE_COUNT; role++)
        close_role(sweep, role);
    qualification_begin(&sweep->qualification, &sweep->plan->servers[sweep->server].address);
    sweep->blind = true;
    sweep->round_open = true;
    sweep->stage = STAGE_QUALIFYING;
}

/* --- a port --- */

static bool starting_allowed(const struct sweep *sweep, uint64_t now_us)
{
    if (list_empty(&sweep->free_slots) || sweep->active >= sweep->window || roster_left(sweep->roster) == 0)
        return false;
    if (sweep->stage == STAGE_SCOUTING)
        return sweep->scouts_sent < SCOUTS;
    return sweep->stage == STAGE_SWEEPING && !sweep->blocked && courier_idle(sweep->courier, now_us);
}

static void start_slot(struct sweep *sweep, uint32_t index, enum errand errand, struct sweep_action *action)
{
    struct slot *slot = list_entry(list_pop(&sweep->free_slots), struct slot, link);
    slot->index = index;
    slot->state = PORT_OPENING;
    slot->errand = errand;
    slot->opened = false;
    roster_range(sweep->roster, index, &slot->port);
    list_append(&sweep->active_slots, &slot->link);
    sweep->slot_of[index] = (uint16_t)(slot - sweep->slots);
    sweep->active++;
    action->kind = SWEEP_OPEN;
    action->endpoint = slot->port;
}

static bool start_port(struct sweep *sweep, struct sweep_action *action)
{
    uint32_t index = roster_take(sweep->roster);
    if (sweep->slot_of[index] != NO_SLOT) { /* it is out as a sentinel */
        roster_put_back(sweep->roster, index);
        return false;
    }
    bool scout = sweep->stage == STAGE_SCOUTING;
    sweep->scouts_sent += scout;
    sweep->seen[index].server = (uint8_t)sweep->server;
    sweep->seen[index].doubted = false;
    start_slot(sweep, index, scout ? ERRAND_SCOUT : ERRAND_JUDGE, action);
    return true;
}

static struct slot *slot_at(struct sweep *sweep, uint32_t endpoint)
{
    uint32_t index = endpoint < SWEEP_EPHEMERAL ? roster_find(sweep->roster, (uint16_t)endpoint) : ROSTER_NOBODY;
    if (index == ROSTER_NOBODY || sweep->slot_of[index] == NO_SLOT)
        return NULL;
    return &sweep->slots[sweep->slot_of[index]];
}

static bool too_few_sends(const struct sweep *sweep, const struct observation *seen)
{
    unsigned needed = loss_sends_needed(courier_loss(sweep->courier));
    return (seen->t1 == TEST_SILENT && seen->sends_t1 < needed) ||
           (seen->t2 == TEST_SILENT && seen->sends_t2 < needed) || (seen->t3 == TEST_SILENT && seen->sends_t3 < needed);
}

static uint64_t gap_us(const struct sweep *sweep)
{
    return GAP_US + 4 * courier_rtt_us(sweep->courier);
}

static void test_again(struct sweep *sweep, uint32_t index)
{
    struct observation *seen = &sweep->seen[index];
    if (seen->tries < RETRIES_MAX) {
        put_back(sweep, index, REASON_SCAN_PROTECTION);
    } else {
        seen->doubted = true;
        seen->reason = REASON_SCAN_PROTECTION;
    }
}

/* Failures that the server has proven itself before and after are believed. */
static void settle(struct sweep *sweep)
{
    uint32_t index;
    do {
        while (suspects_take_gap(sweep->suspects, &index))
            test_again(sweep, index);
    } while (suspects_take_proven(sweep->suspects, &index));
}

static void finish_judged(struct sweep *sweep, uint32_t index, uint64_t began_us, uint64_t now_us)
{
    struct observation *seen = &sweep->seen[index];
    sweep->done++;
    sweep->last_finished_us = now_us;
    if (seen->t2 == TEST_ANSWERED)
        sweep->passed = index;
    if (verdict_needs_proof(seen))
        suspects_add(sweep->suspects, index, began_us, now_us, seen->t1 == TEST_ANSWERED);
}

static void finish_port(struct sweep *sweep, struct slot *slot, uint64_t now_us)
{
    uint32_t index = slot->index;
    release_slot(sweep, slot);
    if (slot->errand == ERRAND_JUDGE) {
        finish_judged(sweep, index, slot->began_us, now_us);
    } else if (slot->errand == ERRAND_SCOUT) {
        sweep->done++;
        bool bad = sweep->seen[index].t1 == TEST_MALFORMED || sweep->seen[index].t1 == TEST_ERROR;
        if (!bad)
            put_back(sweep, index, REASON_NEVER_REACHED);
    }
}

static void ask_port(struct sweep *sweep, struct slot *slot)
{
    uint32_t number = PROBE_COUNT + (uint32_t)(slot - sweep->slots);
    struct request request;
    port_test_request(slot->state, slot->port, number, &sweep->qualification, &request);
    if (slot->errand == ERRAND_SCOUT)
        request.sends_max = SCOUT_SENDS;
    if (slot->state == PORT_T3)
        sweep->seen[slot->index].tries_t3 = sweep->seen[slot->index].tries;
    courier_ask(sweep->courier, number, &request);
}

static void advance(struct sweep *sweep, struct slot *slot, enum port_event event, uint64_t now_us)
{
    slot->state = port_test_after(slot->state, event, NULL);
    if (slot->state == PORT_DONE)
        finish_port(sweep, slot, now_us);
    else
        ask_port(sweep, slot);
}

static enum port_event event_of(const struct sweep *sweep, const struct slot *slot, const struct answer *answer)
{
    if (answer->outcome != TEST_ANSWERED)
        return PORT_FAILED;
    bool without = slot->errand == ERRAND_SCOUT || !second_possible(sweep);
    return slot->state == PORT_T1 && without ? PORT_ANSWERED_WITHOUT_T2 : PORT_ANSWERED;
}

/* What the server shows by answering a port. */
static void learn_from_port(struct sweep *sweep, const struct slot *slot, const struct answer *answer)
{
    struct qualification *qualification = &sweep->qualification;
    bool answered = answer->outcome == TEST_ANSWERED;
    if (slot->state == PORT_T1 && answered) {
        suspects_prove_first(sweep->suspects, answer->asked_us, gap_us(sweep));
        if (answer->rewritten > qualification->rewritten)
            qualification->rewritten = answer->rewritten;
        if (slot->errand == ERRAND_SCOUT) {
            sweep->scout_answered = true;
            sweep->scouted_other = answer->other;
        }
    } else if (slot->state == PORT_T2) {
        qualification_learn_t2(qualification, answer->outcome, answer->error_code);
        if (answered)
            suspects_prove_second(sweep->suspects, answer->asked_us, gap_us(sweep));
    } else if (slot->state == PORT_T3) {
        qualification_learn_t3(qualification, answer->outcome);
    }
}

static void suspect_block(struct sweep *sweep, uint64_t now_us);

static void port_answered(struct sweep *sweep, struct slot *slot, const struct answer *answer, uint64_t now_us)
{
    learn_from_port(sweep, slot, answer);
    enum port_event event = event_of(sweep, slot, answer);
    if (slot->errand != ERRAND_SENTINEL) {
        port_test_record(&sweep->seen[slot->index], slot->state, answer);
        advance(sweep, slot, event, now_us);
        return;
    }
    bool over = event == PORT_FAILED || slot->state == PORT_T2;
    advance(sweep, slot, event, now_us);
    if (!over)
        return;
    sweep->sentinel_out = false;
    if (event == PORT_FAILED)
        suspect_block(sweep, now_us);
}

/* --- doubts --- */

static bool ports_all_out(const struct sweep *sweep)
{
    return roster_left(sweep->roster) == 0 && sweep->active == 0;
}

static void leave_untested(struct sweep *sweep, enum reason reason)
{
    uint32_t index;
    while ((index = roster_take(sweep->roster)) != ROSTER_NOBODY) {
        forget_port(sweep, index, reason);
        sweep->seen[index].doubted = true;
    }
}

/* The server's second address stopped answering although it was proven: the router blocks a scan, or half of the server
 * died. Nothing that failed since the last proof is believed; what the patience allows is waited for and tested again.
 */
static void suspect_block(struct sweep *sweep, uint64_t now_us)
{
    bool first_silent = sweep->first_proven_us < sweep->round_began_us;
    bool server = first_silent || sweep->passed == ROSTER_NOBODY;
    enum reason reason = server ? REASON_SERVER_FAULT : REASON_SCAN_PROTECTION;
    take_back(sweep, reason);
    sweep->blocked = true;
    sweep->blocked_until_us = now_us + ROUND_INTERVAL_US;
    if (first_silent) /* it may be the whole server: that is for the consent to tell */
        return;
    if (sweep->patience_us == 0) {
        leave_untested(sweep, reason);
        end_sweep(sweep, SWEEP_END_COMPLETE, now_us);
        return;
    }
    uint64_t pause_us = sweep->patience_us < BLOCK_PAUSE_US ? sweep->patience_us : BLOCK_PAUSE_US;
    sweep->patience_us -= pause_us;
    sweep->blocked_until_us = now_us + pause_us;
    courier_slow_down(sweep->courier);
}

static void finish_round(struct sweep *sweep, uint64_t now_us)
{
    const struct qualification *qualification = &sweep->qualification;
    bool t3_proven = qualification->response_port != TRI_YES || !qualification_answers(qualification) ||
                     qualification->records[PROBE_CHANGE_IP_SENT].outcome == TEST_ANSWERED;
    sweep->round_open = false;
    sweep->round_ended_us = now_us;
    if (qualification->round_proven && t3_proven) {
        suspects_prove_second(sweep->suspects, sweep->round_began_us, gap_us(sweep));
        sweep->round_worked = true;
        sweep->blocked = false;
    } else if (sweep->stage == STAGE_SWEEPING && qualification->second == TRI_YES) {
        sweep->sentinel_wanted = sweep->passed != ROSTER_NOBODY;
        if (!sweep->sentinel_wanted && sweep->round_worked)
            suspect_block(sweep, now_us);
    }
}

static bool round_wanted(const struct sweep *sweep, uint64_t now_us)
{
    if (sweep->stage != STAGE_SWEEPING || sweep->round_open || sweep->sentinel_wanted || sweep->sentinel_out)
        return false;
    if (sweep->blocked)
        return now_us >= sweep->blocked_until_us;
    if (!second_possible(sweep) || (sweep->active == 0 && suspects_count(sweep->suspects) == 0))
        return false;
    uint64_t proven_us = suspects_second_proven_us(sweep->suspects);
    uint64_t last_us = proven_us > sweep->round_ended_us ? proven_us : sweep->round_ended_us;
    return now_us >= last_us + ROUND_INTERVAL_US ||
           (ports_all_out(sweep) && sweep->last_finished_us > sweep->round_began_us);
}

static void begin_round(struct sweep *sweep, uint64_t now_us)
{
    sweep->round_began_us = now_us;
    if (!sweep->round_worked && sweep->passed != ROSTER_NOBODY) { /* the site lets nothing out to the second address */
        sweep->round_ended_us = now_us;
        sweep->sentinel_wanted = true;
        return;
    }
    close_role(sweep, ROLE_SUBJECT);
    qualification_repeat(&sweep->qualification);
    sweep->round_open = true;
}

/* Loss is known best at the end: failures that were made with too few sends for it are tested again. */
static void look_back(struct sweep *sweep)
{
    bool again = sweep->plan->timeout_us == 0 && !loss_too_high(courier_loss(sweep->courier));
    for (uint32_t index = 0; again && index < roster_udp_size(sweep->roster); index++) {
        const struct observation *seen = &sweep->seen[index];
        if (seen->server == sweep->server && seen->tries < RETRIES_MAX && verdict_needs_proof(seen) &&
            too_few_sends(sweep, seen))
            put_back(sweep, index, REASON_LOSS);
    }
}

/* Every port is tested, and what could still prove the rest of the failures has failed or cannot be had. */
static void resolve_rest(struct sweep *sweep)
{
    bool first_proven = sweep->first_proven_us >= sweep->last_finished_us;
    bool second_hopeless = !second_possible(sweep) || (!sweep->round_open && !sweep->sentinel_out &&
                                                       sweep->round_began_us >= sweep->last_finished_us);
    uint32_t index;
    if (!first_proven || !second_hopeless || sweep->blocked || sweep->sentinel_wanted)
        return;
    while (suspects_take(sweep->suspects, &index)) {
        if (sweep->qualification.second != TRI_YES)
            continue; /* its silence proves nothing anyway: verdict.c */
        sweep->seen[index].doubted = true;
        sweep->seen[index].reason = REASON_SERVER_FAULT;
    }
}

/* --- probes --- */

static void probe_answered(struct sweep *sweep, enum probe probe, const struct answer *answer, uint64_t now_us)
{
    bool answered = answer->outcome == TEST_ANSWERED;
    qualification_answered(&sweep->qualification, probe, answer);
    if (probe == PROBE_BASIC && answered) {
        sweep->first_proven_us = answer->asked_us;
    } else if (probe == PROBE_CONSENT) {
        sweep->consent_us = now_us + (answered ? CONSENT_INTERVAL_US : CONSENT_RETRY_US);
        if (sweep->pings > 0 && answered)
            sweep->consent_us = now_us;
        sweep->pings -= sweep->pings > 0;
        if (answered) {
            sweep->first_proven_us = answer->asked_us;
            suspects_prove_first(sweep->suspects, answer->asked_us, gap_us(sweep));
        }
    }
}

static bool consent_wanted(const struct sweep *sweep, uint64_t now_us)
{
    bool final_proof = ports_all_out(sweep) && suspects_count(sweep->suspects) > 0 &&
                       sweep->first_proven_us < sweep->last_finished_us &&
                       sweep->consent_us > now_us + CONSENT_RETRY_US;
    return sweep->qualification.records[PROBE_CONSENT].state == PROBE_ENDED &&
           qualification_answers(&sweep->qualification) && (final_proof || now_us >= sweep->consent_us);
}

/* Asks the next probe, or opens an endpoint for it; true when `action` says so. */
static bool ask_probe(struct sweep *sweep, struct sweep_action *action)
{
    if (sweep->stage == STAGE_SCOUTING)
        return false;
    while (sweep->asking != PROBE_COUNT || qualification_next(&sweep->qualification, &sweep->asking)) {
        enum role sender, listener;
        qualification_roles(sweep->asking, &sender, &listener);
        enum role missing = sweep->qualification.endpoints[sender] == 0 ? sender : listener;
        if (sweep->qualification.endpoints[missing] == 0) {
            open_role(sweep, missing, action);
            return true;
        }
        struct request request;
        qualification_request(&sweep->qualification, sweep->asking, &request);
        courier_ask(sweep->courier, sweep->asking, &request);
        sweep->asking = PROBE_COUNT;
    }
    return false;
}

/* --- what comes from outside --- */

void sweep_opened(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *local)
{
    if (endpoint >= SWEEP_EPHEMERAL) {
        if (sweep->opening != NO_ROLE)
            sweep->qualification.locals[sweep->opening] = *local;
        sweep->opening = NO_ROLE;
        return;
    }
    struct slot *slot = slot_at(sweep, endpoint);
    if (slot == NULL)
        return;
    slot->opened = true;
    slot->began_us = now_us;
    bool without = slot->errand != ERRAND_JUDGE || !t3_possible(sweep) || sweep->seen[slot->index].t3 == TEST_ANSWERED;
    advance(sweep, slot, without ? PORT_OPENED_WITHOUT_T3 : PORT_OPENED, now_us);
}

static void note_owner(struct sweep *sweep, uint32_t index, const struct port_owner *owner)
{
    if (owner == NULL)
        return;
    struct held_port *held = realloc(sweep->held, (sweep->held_count + 1) * sizeof(*held));
    if (held == NULL)
        return; /* the port stays in use, its owner unknown */
    held[sweep->held_count++] = (struct held_port){index, *owner};
    sweep->held = held;
}

static bool out_of_sockets(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static void port_not_opened(struct sweep *sweep, struct slot *slot, int error, const struct port_owner *owner,
                            uint64_t now_us)
{
    struct observation *seen = &sweep->seen[slot->index];
    if (out_of_sockets(error) && sweep->active > 1 && slot->errand == ERRAND_JUDGE) {
        sweep->window = sweep->active - 1;
        roster_put_back(sweep->roster, slot->index);
        release_slot(sweep, slot);
        return;
    }
    if (slot->errand == ERRAND_JUDGE && error == EADDRINUSE) {
        seen->in_use = true;
        note_owner(sweep, slot->index, owner);
    } else if (slot->errand == ERRAND_JUDGE) {
        seen->t1 = TEST_LOCAL_ERROR;
    }
    if (slot->errand == ERRAND_SENTINEL) /* no proof to be had from it: the next round decides */
        sweep->sentinel_out = false, sweep->passed = ROSTER_NOBODY;
    advance(sweep, slot, PORT_NOT_OPENED, now_us);
}

void sweep_open_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error,
                       const struct port_owner *owner)
{
    struct slot *slot = slot_at(sweep, endpoint);
    if (slot != NULL) {
        port_not_opened(sweep, slot, error, owner, now_us);
    } else if (endpoint >= SWEEP_EPHEMERAL && sweep->opening != NO_ROLE) {
        struct answer answer = {.outcome = TEST_LOCAL_ERROR, .rtt_us = RTT_UNKNOWN_US};
        sweep->qualification.endpoints[sweep->opening] = 0;
        sweep->opening = NO_ROLE;
        probe_answered(sweep, sweep->asking, &answer, now_us);
        sweep->asking = PROBE_COUNT;
    }
}

void sweep_send_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error)
{
    courier_send_failed(sweep->courier, now_us, endpoint, error);
}

/* The exchange that an unreadable packet or an ICMP error at `endpoint` is about. */
static uint32_t exchange_of(struct sweep *sweep, uint32_t endpoint)
{
    const struct slot *slot = slot_at(sweep, endpoint);
    if (slot != NULL)
        return PROBE_COUNT + (uint32_t)(slot - sweep->slots);
    bool control = endpoint >= SWEEP_EPHEMERAL && endpoint == sweep->qualification.endpoints[ROLE_CONTROL];
    return control && !qualification_answers(&sweep->qualification) ? (uint32_t)PROBE_BASIC : COURIER_NOBODY;
}

void sweep_received(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *from,
                    const uint8_t *bytes, size_t len)
{
    courier_received(sweep->courier, now_us, endpoint, exchange_of(sweep, endpoint), from, bytes, len);
}

void sweep_icmp(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *to, enum sweep_icmp icmp)
{
    courier_icmp(sweep->courier, now_us, exchange_of(sweep, endpoint), to, icmp);
}

void sweep_cancel(struct sweep *sweep, uint64_t now_us)
{
    if (sweep->stage == STAGE_ENDED)
        return;
    take_back(sweep, REASON_NEVER_REACHED);
    end_sweep(sweep, SWEEP_END_CANCELLED, now_us);
}

/* --- the next action --- */

static void collect(struct sweep *sweep, uint64_t now_us)
{
    uint32_t number;
    struct answer answer;
    while (courier_collect(sweep->courier, &number, &answer)) {
        if (number < PROBE_COUNT)
            probe_answered(sweep, number, &answer, now_us);
        else
            port_answered(sweep, &sweep->slots[number - PROBE_COUNT], &answer, now_us);
    }
}

/* Everything that follows from what is known and the time, without an action. */
static void conclude(struct sweep *sweep, uint64_t now_us)
{
    uint64_t deadline_us = sweep->plan->deadline_us;
    if (deadline_us > 0 && now_us >= sweep->started_us + deadline_us) {
        take_back(sweep, REASON_NEVER_REACHED);
        end_sweep(sweep, SWEEP_END_DEADLINE, now_us);
        return;
    }
    if (consent_lost(courier_consent(sweep->courier), now_us)) {
        give_up_server(sweep, SWEEP_END_NO_ANSWER, now_us);
        return;
    }
    if (sweep->stage == STAGE_SCOUTING && sweep->active == 0 &&
        (sweep->scouts_sent == SCOUTS || roster_left(sweep->roster) == 0 || sweep->scout_answered))
        finish_scouting(sweep, now_us);
    if (sweep->round_open && qualification_round_over(&sweep->qualification) && sweep->asking == PROBE_COUNT) {
        finish_round(sweep, now_us);
        if (sweep->stage == STAGE_QUALIFYING)
            finish_qualifying(sweep, now_us);
    }
    settle(sweep);
    if (sweep->stage == STAGE_SWEEPING && ports_all_out(sweep)) {
        resolve_rest(sweep);
        if (suspects_count(sweep->suspects) == 0)
            look_back(sweep);
        if (ports_all_out(sweep) && suspects_count(sweep->suspects) == 0 && qualification_over(&sweep->qualification))
            end_sweep(sweep, SWEEP_END_COMPLETE, now_us);
    }
    if (round_wanted(sweep, now_us))
        begin_round(sweep, now_us);
    if (sweep->stage != STAGE_SCOUTING && consent_wanted(sweep, now_us))
        sweep->qualification.records[PROBE_CONSENT].state = PROBE_WAITING;
}

static bool close_endpoint(struct sweep *sweep, struct sweep_action *action)
{
    action->kind = SWEEP_CLOSE;
    if (sweep->closing_count > 0) {
        action->endpoint = sweep->closing[--sweep->closing_count];
        return true;
    }
    struct list *link = list_pop(&sweep->closing_slots);
    if (link == NULL)
        return false;
    struct slot *slot = list_entry(link, struct slot, link);
    list_append(&sweep->free_slots, link);
    action->endpoint = slot->port;
    return true;
}

static bool start_something(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    if (sweep->sentinel_wanted && !list_empty(&sweep->free_slots) && sweep->slot_of[sweep->passed] == NO_SLOT) {
        sweep->sentinel_wanted = false;
        sweep->sentinel_out = true;
        start_slot(sweep, sweep->passed, ERRAND_SENTINEL, action);
        return true;
    }
    return starting_allowed(sweep, now_us) && start_port(sweep, action);
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* When something happens that no exchange's timer announces. */
static uint64_t own_wake_us(const struct sweep *sweep, uint64_t now_us)
{
    const struct consent *consent = courier_consent(sweep->courier);
    uint64_t wake = UINT64_MAX;
    if (sweep->plan->deadline_us > 0)
        wake = sweep->started_us + sweep->plan->deadline_us;
    if (consent->given)
        wake = sooner(wake, consent->answered_us + CONSENT_EXPIRY_US);
    if (qualification_answers(&sweep->qualification) &&
        sweep->qualification.records[PROBE_CONSENT].state == PROBE_ENDED)
        wake = sooner(wake, sweep->consent_us);
    if (sweep->blocked)
        wake = sooner(wake, sweep->blocked_until_us);
    else if (sweep->stage == STAGE_SWEEPING && !sweep->round_open)
        wake = sooner(wake, sweep->round_ended_us + ROUND_INTERVAL_US);
    return wake > now_us ? wake : now_us + 1000;
}

static enum sweep_action_kind wait_or_end(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    action->kind = sweep->stage == STAGE_ENDED ? SWEEP_DONE : SWEEP_WAIT;
    if (action->kind == SWEEP_DONE)
        return SWEEP_DONE;
    uint64_t own = own_wake_us(sweep, now_us);
    bool waiting_to_start = sweep->stage == STAGE_SWEEPING && !sweep->blocked && roster_left(sweep->roster) > 0 &&
                            sweep->active < sweep->window && !list_empty(&sweep->free_slots);
    action->wake_us = sooner(action->wake_us, own);
    if (waiting_to_start)
        action->wake_us = sooner(action->wake_us, courier_pace_wake_us(sweep->courier));
    if (action->wake_us <= now_us)
        action->wake_us = now_us + 1;
    return SWEEP_WAIT;
}

/* Skipping a probe that cannot be asked may end a round or the sweep. */
static bool conclusions_left(const struct sweep *sweep)
{
    if (sweep->round_open && qualification_round_over(&sweep->qualification) && sweep->asking == PROBE_COUNT)
        return true;
    return sweep->stage == STAGE_SWEEPING && ports_all_out(sweep) && suspects_count(sweep->suspects) == 0 &&
           qualification_over(&sweep->qualification);
}

enum sweep_action_kind sweep_next(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    memset(action, 0, sizeof(*action));
    do {
        collect(sweep, now_us);
        if (sweep->stage != STAGE_ENDED)
            conclude(sweep, now_us);
        if (close_endpoint(sweep, action))
            return SWEEP_CLOSE;
        if (sweep->stage == STAGE_ENDED)
            break;
        if (ask_probe(sweep, action))
            return SWEEP_OPEN;
        if (courier_next(sweep->courier, now_us, action))
            return SWEEP_SEND;
        if (start_something(sweep, now_us, action))
            return SWEEP_OPEN;
    } while (courier_has_finished(sweep->courier) || conclusions_left(sweep));
    return wait_or_end(sweep, now_us, action);
}

/* --- what was found --- */

void sweep_get_progress(const struct sweep *sweep, uint64_t now_us, struct sweep_progress *progress)
{
    static const char *const stages[] = {[STAGE_QUALIFYING] = "qualifying the server",
                                         [STAGE_SCOUTING] = "looking for a way out",
                                         [STAGE_SWEEPING] = "sweeping",
                                         [STAGE_ENDED] = "done"};
    uint32_t total = roster_udp_size(sweep->roster), settled = sweep->done - suspects_count(sweep->suspects);
    *progress = (struct sweep_progress){.ports_done = settled, .ports_total = total, .stage = stages[sweep->stage]};
    if (sweep->blocked)
        progress->stage = "waiting: the router seems to block the sweep";
    if (sweep->stage == STAGE_SWEEPING && settled > 0)
        progress->remaining_us = (now_us - sweep->swept_since_us) / settled * (total - settled);
}

static void judge_port(const struct sweep *sweep, uint32_t index, struct port_result *result)
{
    const struct port_range *range = roster_range(sweep->roster, index, &result->port);
    result->transport = range->transport;
    result->role = range->role;
    result->expect = range->expect;
    result->rtt_us = RTT_UNKNOWN_US;
    if (index >= roster_udp_size(sweep->roster)) {
        result->verdict = VERDICT_NOT_TESTED;
        result->reason = REASON_NO_TURN_CREDENTIALS;
        return;
    }
    struct observation seen = sweep->seen[index];
    if (sweep->end == SWEEP_END_CANCELLED && seen.reason == REASON_NEVER_REACHED)
        seen.reason = REASON_CANCELLED;
    result->live = sweep->plan->live && seen.t1 != TEST_NOT_MADE;
    verdict_judge(&seen, &sweep->circumstances[seen.server], plan_is_silent(sweep->plan, result->port), result);
}

static void write_nat(const struct sweep *sweep, struct nat_facts *nat)
{
    struct nat_behaviour behaviour = behaviour_of(&sweep->told);
    nat->nat_class = (uint8_t)behaviour.nat_class;
    nat->mapping = (uint8_t)behaviour.mapping;
    nat->filtering = (uint8_t)behaviour.filtering;
    nat->port_preservation = (uint8_t)behaviour.port_preservation;
    nat->generic_alg = (uint8_t)sweep->told.rewritten;
    nat->binding_lifetime_s = -1;
}

static struct address without_port(struct address address)
{
    address.port = 0;
    return address;
}

static void write_addresses(const struct sweep *sweep, struct report *report)
{
    const struct qualification *qualification = &sweep->told;
    const struct plan_server *server = &sweep->plan->servers[sweep->told_server];
    if (sweep->plan->server_count > 0) {
        memcpy(report->server_name, server->name, sizeof(report->server_name));
        report->server_address = server->address;
    }
    report->server_other_address = qualification->other;
    report->local_address = without_port(qualification->locals[ROLE_CONTROL]);
    report->public_address = without_port(qualification->records[PROBE_BASIC].mapped);
    for (size_t i = 0; i < report->port_count && !address_known(&report->public_address); i++)
        report->public_address = without_port(report->ports[i].mapped);
}

static void warn(const struct sweep *sweep, struct report *report)
{
    static const char *const faults[] = {
        [SECOND_NOT_ANNOUNCED] = "The STUN server announces no second address.",
        [SECOND_SAME_IP] = "The STUN server's second address is only another port of the first.",
        [SECOND_PRIVATE] =
            "The STUN server announces a private second address: it stands behind a NAT itself, and both its "
            "public addresses must sit on its own interfaces.",
        [SECOND_IGNORED] = "The STUN server ignores CHANGE-REQUEST: it answers from its first address.",
        [SECOND_REFUSED] = "The STUN server refuses CHANGE-REQUEST.",
    };
    const struct qualification *qualification = &sweep->told;
    if (qualification_answers(qualification) && faults[qualification->fault] != NULL)
        report_warn(report, "no_second_address", "%s", faults[qualification->fault]);
    else if (address_known(&qualification->other) && qualification->second == TRI_UNKNOWN)
        report_warn(report, "second_address_silent", "The STUN server's second address was never heard.");
    if (qualification->second == TRI_YES && qualification->response_port == TRI_NO)
        report_warn(report, "no_response_port",
                    "The STUN server does not honour RESPONSE-PORT: whether a port is reachable "
                    "without having sent before is unknown.");
    if (qualification->rewritten == TRI_YES)
        report_warn(report, "generic_alg", "Something on the way rewrites addresses inside packets.");
    if (sweep->circumstances[sweep->told_server].loss_too_high)
        report_warn(report, "loss", "Too many packets are lost to tell a closed port from a lost answer.");
    for (size_t i = 0; i < report->port_count; i++)
        if (address_known(&report->ports[i].mapped) &&
            !address_same_ip(&report->ports[i].mapped, &report->public_address))
            report_warn(report, "several_public_addresses", "Ports leave by more than one public address.");
}

struct report *sweep_take_report(struct sweep *sweep)
{
    struct report *report = report_create(roster_size(sweep->roster), sweep->held_count);
    if (report == NULL)
        return NULL;
    for (uint32_t i = 0; i < roster_size(sweep->roster); i++)
        judge_port(sweep, i, &report->ports[i]);
    for (size_t i = 0; i < sweep->held_count; i++) {
        report->owners[i] = sweep->held[i].owner;
        report->ports[sweep->held[i].index].owner = &report->owners[i];
    }
    report->family = sweep->plan->family;
    report->started_at_us = sweep->plan->started_at_us;
    report->duration_us = sweep->ended_us - sweep->started_us;
    write_nat(sweep, &report->nat);
    write_addresses(sweep, report);
    warn(sweep, report);
    outcome_conclude(report, &sweep->plan->ports, sweep->end);
    return report;
}
