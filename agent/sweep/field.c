#include "sweep/field.h"

#include "sweep/doubt.h"
#include "sweep/filtering.h"
#include "sweep/scouting.h"
#include "sweep/second_look.h"
#include "sweep/server.h"

#include <errno.h>
#include <stdlib.h>

#define SCOUT_SENDS 3

void field_forget(struct sweep *sweep, uint32_t index, enum reason reason)
{
    struct observation *seen = &sweep->seen[index];
    *seen = (struct observation){.reason = (uint8_t)reason,
                                 .rtt_us = RTT_UNKNOWN_US,
                                 .tries = seen->tries,
                                 .position = seen->position,
                                 .of_streak = seen->of_streak,
                                 .spent = seen->spent,
                                 .server = (uint8_t)sweep->server};
    roster_range(sweep->roster, index, &seen->port);
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

void field_put_back(struct sweep *sweep, uint32_t index, enum reason reason)
{
    struct observation *seen = &sweep->seen[index];
    struct observation before = *seen;
    field_forget(sweep, index, reason);
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

void field_doubt(struct sweep *sweep, uint32_t index, enum reason reason)
{
    sweep->seen[index].doubted = true;
    sweep->seen[index].reason = (uint8_t)reason;
}

void field_take_back(struct sweep *sweep, enum reason reason)
{
    uint32_t index;
    while (!list_empty(&sweep->active_slots)) {
        struct slot *slot = list_entry(sweep->active_slots.next, struct slot, link);
        release_slot(sweep, slot);
        if (slot->errand == ERRAND_SCOUT || slot->errand == ERRAND_STAND_IN)
            field_forget(sweep, slot->index, REASON_NEVER_REACHED);
        if (slot->errand != ERRAND_JUDGE)
            continue;
        sweep->done++;
        field_put_back(sweep, slot->index, reason);
    }
    while (suspects_take(sweep->suspects, &index))
        if (sweep->seen[index].spent)
            field_doubt(sweep, index, reason);
        else
            field_put_back(sweep, index, reason);
    sweep->sentinel_out = false;
}

static bool is_misheard(uint8_t test)
{
    return test == TEST_MALFORMED || test == TEST_ERROR;
}

uint32_t field_put_back_misheard(struct sweep *sweep)
{
    uint32_t count = 0;
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++) {
        const struct observation *seen = &sweep->seen[index];
        if (!(is_misheard(seen->t1) || is_misheard(seen->t2)) || seen->server != sweep->server || seen->position == 0 ||
            seen->spent)
            continue;
        field_put_back(sweep, index, REASON_SERVER_FAULT);
        count++;
    }
    return count;
}

bool field_all_out(const struct sweep *sweep)
{
    return roster_left(sweep->roster) == 0 && sweep->active == 0;
}

void field_leave_untested(struct sweep *sweep, enum reason reason)
{
    uint32_t index;
    while ((index = roster_take(sweep->roster)) != ROSTER_NOBODY) {
        field_forget(sweep, index, reason);
        sweep->seen[index].doubted = true;
    }
}

static bool may_start(const struct sweep *sweep, uint64_t now_us)
{
    if (list_empty(&sweep->free_slots) || sweep->active >= sweep->window || roster_left(sweep->roster) == 0)
        return false;
    return sweep->stage == STAGE_SWEEPING && !sweep->blocked && courier_idle(sweep->courier, now_us);
}

static void ask_port(struct sweep *sweep, struct slot *slot)
{
    uint32_t number = PROBE_COUNT + (uint32_t)(slot - sweep->slots);
    struct request request;
    port_test_request(slot->state, slot->port, number, &sweep->qualification, &request);
    if (slot->errand == ERRAND_SCOUT)
        request.sends_max = SCOUT_SENDS;
    if (slot->errand == ERRAND_LOOK && slot->state == PORT_T1)
        request.sends_max = 1; /* a limit would count each, and others are asked after it */
    if (slot->state == PORT_T3)
        sweep->seen[slot->index].tries_t3 = sweep->seen[slot->index].tries;
    courier_ask(sweep->courier, number, &request);
}

static enum port_event event_of_opening(const struct sweep *sweep, const struct slot *slot)
{
    if (slot->errand == ERRAND_LOOK)
        return second_look_opened(sweep, slot->index);
    bool t3_known = sweep->seen[slot->index].t3 == TEST_ANSWERED;
    bool without = slot->errand != ERRAND_JUDGE || !server_t3_possible(sweep) || t3_known;
    return without ? PORT_OPENED_WITHOUT_T3 : PORT_OPENED;
}

static void begin_tests(struct sweep *sweep, struct slot *slot, uint64_t now_us)
{
    slot->began_us = now_us;
    slot->state = port_test_after(PORT_OPENING, event_of_opening(sweep, slot), NULL);
    ask_port(sweep, slot);
}

/* What is known of it from now on is of this test. */
static void note_start(struct sweep *sweep, uint32_t index, enum errand errand)
{
    struct observation *seen = &sweep->seen[index];
    if (errand == ERRAND_SENTINEL || errand == ERRAND_LOOK)
        return;
    seen->server = (uint8_t)sweep->server;
    if (errand == ERRAND_SCOUT) { /* it will have sent something */
        seen->tries++;
        return;
    }
    seen->doubted = false;
    if (seen->position == 0)
        seen->position = ++sweep->starts;
}

void field_start_at(struct sweep *sweep, uint32_t index, enum errand errand, uint64_t now_us,
                    struct sweep_action *action)
{
    struct slot *slot = list_entry(list_pop(&sweep->free_slots), struct slot, link);
    note_start(sweep, index, errand);
    slot->index = index;
    slot->state = PORT_OPENING;
    slot->errand = errand;
    slot->opened = false;
    roster_range(sweep->roster, index, &slot->port);
    list_append(&sweep->active_slots, &slot->link);
    sweep->slot_of[index] = (uint16_t)(slot - sweep->slots);
    sweep->active++;
    if (slot->port == sweep->qualification.endpoints[ROLE_CONTROL]) {
        begin_tests(sweep, slot, now_us);
        return;
    }
    action->kind = SWEEP_OPEN;
    action->endpoint = slot->port;
}

/* The next port that is not out already, as a sentinel or to be looked at once more. */
static uint32_t take_port(struct sweep *sweep)
{
    for (uint32_t left = roster_left(sweep->roster); left > 0; left--) {
        uint32_t index = roster_take(sweep->roster);
        if (sweep->slot_of[index] == NO_SLOT)
            return index;
        roster_put_back(sweep->roster, index);
    }
    return ROSTER_NOBODY;
}

bool field_start(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    if (!may_start(sweep, now_us))
        return false;
    uint32_t index = take_port(sweep);
    if (index == ROSTER_NOBODY)
        return false;
    if (!sweep->seen[index].spent)
        field_start_at(sweep, index, ERRAND_JUDGE, now_us, action);
    return true;
}

uint32_t field_sentinel(const struct sweep *sweep)
{
    bool passed = sweep->passed != ROSTER_NOBODY;
    return passed || !sweep->blind ? sweep->passed : sweep->answered;
}

bool field_start_sentinel(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    uint32_t index = field_sentinel(sweep);
    if (!sweep->sentinel_wanted || list_empty(&sweep->free_slots) || sweep->slot_of[index] != NO_SLOT)
        return false;
    sweep->sentinel_wanted = false;
    sweep->sentinel_out = true;
    field_start_at(sweep, index, ERRAND_SENTINEL, now_us, action);
    return true;
}

bool field_waits_for_pace(const struct sweep *sweep)
{
    return sweep->stage == STAGE_SWEEPING && !sweep->blocked && roster_left(sweep->roster) > 0 &&
           sweep->active < sweep->window && !list_empty(&sweep->free_slots);
}

struct slot *field_slot(struct sweep *sweep, uint32_t endpoint)
{
    uint32_t index = endpoint < SWEEP_EPHEMERAL ? roster_find(sweep->roster, (uint16_t)endpoint) : ROSTER_NOBODY;
    if (index == ROSTER_NOBODY || sweep->slot_of[index] == NO_SLOT)
        return NULL;
    return &sweep->slots[sweep->slot_of[index]];
}

static void finish_judged(struct sweep *sweep, const struct slot *slot, uint64_t now_us)
{
    uint32_t index = slot->index;
    struct observation *seen = &sweep->seen[index];
    sweep->done++;
    sweep->last_finished_us = now_us;
    if (seen->t2 == TEST_ANSWERED)
        sweep->passed = index;
    if (!verdict_needs_proof(seen))
        return;
    /* Without ephemeral ports only another port can show that the table had room when this one asked. */
    bool of_second = seen->t1 == TEST_ANSWERED;
    suspects_add(sweep->suspects, index, slot->began_us, sweep->blind && !of_second ? slot->t1_us + 1 : now_us,
                 of_second);
}

static void finish_port(struct sweep *sweep, struct slot *slot, uint64_t now_us)
{
    uint32_t index = slot->index;
    release_slot(sweep, slot);
    if (slot->errand == ERRAND_JUDGE) {
        finish_judged(sweep, slot, now_us);
    } else if (slot->errand == ERRAND_STAND_IN) {
        sweep->done++;
        scouting_tested(sweep, index);
    } else if (slot->errand == ERRAND_SCOUT) {
        bool misheard = is_misheard(sweep->seen[index].t1);
        sweep->scout_misheard = sweep->scout_misheard || misheard;
        if (!misheard)
            field_forget(sweep, index, REASON_NEVER_REACHED);
    }
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
    if (slot->state == PORT_CROSS && second_look_crosses_only(sweep, slot->index))
        return PORT_CROSSED;
    if (answer->outcome != TEST_ANSWERED)
        return PORT_FAILED;
    const struct observation *seen = &sweep->seen[slot->index];
    if (slot->state == PORT_T2 && slot->errand == ERRAND_JUDGE && seen->t3 == TEST_SILENT)
        return PORT_ANSWERED_UNLIKE_T3;
    bool never_passed = slot->errand == ERRAND_SENTINEL && seen->t2 != TEST_ANSWERED;
    bool t1_only = slot->errand == ERRAND_SCOUT || slot->errand == ERRAND_LOOK;
    bool without = t1_only || never_passed || !server_second_possible(sweep);
    return slot->state == PORT_T1 && without ? PORT_ANSWERED_WITHOUT_T2 : PORT_ANSWERED;
}

/* A port that was tested before may have its place in a full table. */
static bool is_fresh(const struct sweep *sweep, const struct slot *slot)
{
    return sweep->seen[slot->index].tries == 0 && slot->errand != ERRAND_SENTINEL && slot->errand != ERRAND_LOOK;
}

static void learn_from_t1(struct sweep *sweep, const struct slot *slot, const struct answer *answer)
{
    if (is_fresh(sweep, slot))
        suspects_prove_first(sweep->suspects, answer->began_us, doubt_gap_us(sweep));
    if (sweep->blind && answer->asked_us > sweep->first_proven_us)
        sweep->first_proven_us = answer->asked_us;
    sweep->answered = slot->index;
}

/* What the server shows by answering a port. */
static void learn_from_port(struct sweep *sweep, const struct slot *slot, const struct answer *answer, uint64_t now_us)
{
    struct qualification *qualification = &sweep->qualification;
    bool answered = answer->outcome == TEST_ANSWERED;
    if (answer->outcome == TEST_REWRITTEN)
        sweep->rewriter = answer->from;
    if (slot->state == PORT_T1 && answered) {
        learn_from_t1(sweep, slot, answer);
        if (answer->rewritten > qualification->rewritten)
            qualification->rewritten = answer->rewritten;
        if (slot->errand == ERRAND_SCOUT)
            scouting_answered(sweep, slot, answer);
    } else if (slot->state == PORT_T2) {
        qualification_learn_t2(qualification, answer->outcome, answer->error_code);
        if (answered && slot->errand == ERRAND_JUDGE)
            filtering_vouch(sweep, sweep->seen[slot->index].t3 == TEST_ANSWERED, now_us);
        if (answered && sweep->second_shown_us == 0)
            sweep->second_shown_us = now_us;
        if (answered && (is_fresh(sweep, slot) || !sweep->round_worked)) /* a round would prove more than an old port */
            suspects_prove_second(sweep->suspects, answer->asked_us, doubt_gap_us(sweep));
    } else if (slot->state == PORT_T3) {
        qualification_learn_t3(qualification, answer->outcome);
    }
}

void field_answered(struct sweep *sweep, struct slot *slot, const struct answer *answer, uint64_t now_us)
{
    learn_from_port(sweep, slot, answer, now_us);
    if (slot->state == PORT_T1)
        slot->t1_us = answer->began_us;
    enum port_event event = event_of(sweep, slot, answer);
    if (slot->errand == ERRAND_LOOK) {
        second_look_answered(sweep, slot, answer);
        advance(sweep, slot, event, now_us);
        return;
    }
    if (slot->errand != ERRAND_SENTINEL) {
        port_test_record(&sweep->seen[slot->index], slot->state, answer);
        advance(sweep, slot, event, now_us);
        return;
    }
    bool over = event != PORT_ANSWERED || slot->state == PORT_T2;
    advance(sweep, slot, event, now_us);
    if (!over)
        return;
    sweep->sentinel_out = false;
    if (event == PORT_FAILED)
        doubt_block(sweep, now_us);
    else
        doubt_unblock(sweep, now_us);
}

static void note_owner(struct sweep *sweep, uint32_t index, const struct port_owner *owner)
{
    if (owner == NULL)
        return;
    if (sweep->held_count == sweep->held_capacity) {
        size_t capacity = sweep->held_capacity == 0 ? 16 : 2 * sweep->held_capacity;
        struct held_port *held = realloc(sweep->held, capacity * sizeof(*held));
        if (held == NULL)
            return; /* the port stays in use, its owner unknown */
        sweep->held = held;
        sweep->held_capacity = capacity;
    }
    sweep->held[sweep->held_count++] = (struct held_port){index, *owner};
}

static bool out_of_sockets(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* A probe of ours leaves from there. */
static bool is_our_own(const struct sweep *sweep, uint16_t port)
{
    const struct qualification *qualification = &sweep->qualification;
    for (enum role role = 0; role < ROLE_COUNT; role++)
        if (qualification->endpoints[role] != 0 && qualification->locals[role].port == port)
            return true;
    return false;
}

void field_not_opened(struct sweep *sweep, struct slot *slot, int error, const struct port_owner *owner,
                      uint64_t now_us)
{
    struct observation *seen = &sweep->seen[slot->index];
    if (out_of_sockets(error) && sweep->active > 1 && slot->errand == ERRAND_JUDGE) {
        sweep->window = sweep->active - 1;
        roster_put_back(sweep->roster, slot->index);
        release_slot(sweep, slot);
        return;
    }
    if (slot->errand == ERRAND_JUDGE && error == EADDRINUSE && is_our_own(sweep, slot->port)) {
        field_doubt(sweep, slot->index, REASON_MAPPING_ALIVE);
    } else if (slot->errand == ERRAND_JUDGE && error == EADDRINUSE) {
        seen->in_use = true;
        note_owner(sweep, slot->index, owner);
    } else if (slot->errand == ERRAND_JUDGE) {
        seen->t1 = TEST_LOCAL_ERROR;
    }
    if (slot->errand == ERRAND_SENTINEL) { /* no proof to be had from it: the next round decides */
        sweep->sentinel_out = false;
        sweep->passed = sweep->answered = ROSTER_NOBODY;
    }
    advance(sweep, slot, PORT_NOT_OPENED, now_us);
}

void field_opened(struct sweep *sweep, struct slot *slot, uint64_t now_us)
{
    slot->opened = true;
    begin_tests(sweep, slot, now_us);
}
