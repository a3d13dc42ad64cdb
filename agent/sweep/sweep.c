#include "sweep/sweep.h"

#include "sweep/doubt.h"
#include "sweep/engine.h"
#include "sweep/field.h"
#include "sweep/filtering.h"
#include "sweep/probing.h"
#include "sweep/scouting.h"
#include "sweep/second_look.h"
#include "sweep/server.h"
#include "sweep/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_MAX 4096u /* ports under test at a time: a few hundred bytes each */

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
        field_forget(sweep, i, REASON_NEVER_REACHED);
    }
    sweep->candidates = candidates_make(plan);
    server_begin(sweep, 0);
    if (plan->server_count == 0)
        sweep_end(sweep, SWEEP_END_NO_ANSWER, now_us);
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

void sweep_end(struct sweep *sweep, enum sweep_end end, uint64_t now_us)
{
    second_look_break_off(sweep);
    server_note(sweep);
    probing_close_all(sweep);
    for (uint32_t i = 0; i < PROBE_COUNT; i++)
        courier_drop(sweep->courier, i);
    sweep->stage = STAGE_ENDED;
    sweep->end = end;
    sweep->ended_us = now_us;
}

void sweep_opened(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *local)
{
    struct slot *slot = field_slot(sweep, endpoint);
    if (sweep->opening != NO_ROLE)
        probing_opened(sweep, local);
    else if (slot != NULL)
        field_opened(sweep, slot, now_us);
}

void sweep_open_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error,
                       const struct port_owner *owner)
{
    struct slot *slot = field_slot(sweep, endpoint);
    if (sweep->opening != NO_ROLE)
        probing_not_opened(sweep, now_us);
    else if (slot != NULL)
        field_not_opened(sweep, slot, error, owner, now_us);
}

void sweep_send_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error)
{
    courier_send_failed(sweep->courier, now_us, endpoint, error);
}

/* The exchange that an unreadable packet or an ICMP error at `endpoint` is about. */
static uint32_t exchange_of(struct sweep *sweep, uint32_t endpoint)
{
    const struct slot *slot = field_slot(sweep, endpoint);
    if (slot != NULL)
        return PROBE_COUNT + (uint32_t)(slot - sweep->slots);
    bool control = endpoint != 0 && endpoint == sweep->qualification.endpoints[ROLE_CONTROL];
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
    field_take_back(sweep, REASON_NEVER_REACHED);
    sweep_end(sweep, SWEEP_END_CANCELLED, now_us);
}

static void collect(struct sweep *sweep, uint64_t now_us)
{
    uint32_t number;
    struct answer answer;
    while (courier_collect(sweep->courier, &number, &answer)) {
        if (number < PROBE_COUNT)
            probing_answered(sweep, number, &answer, now_us);
        else
            field_answered(sweep, &sweep->slots[number - PROBE_COUNT], &answer, now_us);
    }
}

static bool is_settled(const struct sweep *sweep)
{
    return field_all_out(sweep) && suspects_count(sweep->suspects) == 0;
}

static bool is_measured(const struct sweep *sweep)
{
    return is_settled(sweep) && qualification_over(&sweep->qualification) && !doubt_of_start(sweep);
}

static bool is_complete(const struct sweep *sweep)
{
    return is_measured(sweep) && filtering_over(sweep) && second_look_over(sweep);
}

/* Every port is tested. */
static void conclude_ports(struct sweep *sweep, uint64_t now_us)
{
    doubt_resolve(sweep);
    if (suspects_count(sweep->suspects) == 0)
        doubt_look_back(sweep);
    if (is_settled(sweep)) {
        second_look_conclude(sweep);
        doubt_look_at_order(sweep, now_us);
    }
    if (is_measured(sweep))
        second_look_begin(sweep, now_us);
    if (is_measured(sweep) && second_look_over(sweep))
        filtering_renew(sweep, now_us);
    if (is_complete(sweep) && !server_fail_over(sweep, now_us))
        sweep_end(sweep, SWEEP_END_COMPLETE, now_us);
}

/* Everything that follows from what is known and the time, without an action. */
static void conclude(struct sweep *sweep, uint64_t now_us)
{
    uint64_t deadline_us = sweep->plan->deadline_us;
    if (deadline_us > 0 && now_us >= sweep->started_us + deadline_us) {
        field_take_back(sweep, REASON_NEVER_REACHED);
        sweep_end(sweep, SWEEP_END_DEADLINE, now_us);
        return;
    }
    if (consent_lost(courier_consent(sweep->courier), now_us)) {
        server_give_up(sweep, SWEEP_END_NO_ANSWER, now_us);
        return;
    }
    if (scouting_over(sweep))
        scouting_conclude(sweep, now_us);
    if (sweep->round_open && qualification_round_over(&sweep->qualification) && sweep->asking == PROBE_COUNT) {
        doubt_round_over(sweep, now_us);
        if (sweep->stage == STAGE_QUALIFYING)
            server_qualified(sweep, now_us);
    }
    doubt_settle(sweep);
    second_look_go_on(sweep, now_us);
    if (sweep->stage == STAGE_SWEEPING && field_all_out(sweep))
        conclude_ports(sweep, now_us);
    if (doubt_round_wanted(sweep, now_us))
        doubt_begin_round(sweep, now_us);
    probing_renew_consent(sweep, now_us);
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

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* When something happens that no exchange's timer announces. */
static uint64_t own_wake_us(const struct sweep *sweep, uint64_t now_us)
{
    const struct consent *consent = courier_consent(sweep->courier);
    uint64_t wake = sooner(scouting_wake_us(sweep), second_look_wake_us(sweep));
    if (sweep->plan->deadline_us > 0)
        wake = sooner(wake, sweep->started_us + sweep->plan->deadline_us);
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
    action->wake_us = sooner(action->wake_us, own);
    uint64_t pace = courier_pace_wake_us(sweep->courier); /* over: what a port waits for is something else */
    if (field_waits_for_pace(sweep) && pace > now_us)
        action->wake_us = sooner(action->wake_us, pace);
    if (action->wake_us <= now_us)
        action->wake_us = now_us + 1;
    return SWEEP_WAIT;
}

/* Skipping a probe that cannot be asked may end a round or the sweep. */
static bool conclusions_left(const struct sweep *sweep)
{
    if (sweep->round_open && qualification_round_over(&sweep->qualification) && sweep->asking == PROBE_COUNT)
        return true;
    return sweep->stage == STAGE_SWEEPING && is_measured(sweep) && (is_complete(sweep) || second_look_due(sweep));
}

enum sweep_action_kind sweep_next(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    bool started;
    memset(action, 0, sizeof(*action));
    do {
        collect(sweep, now_us);
        if (sweep->stage != STAGE_ENDED)
            conclude(sweep, now_us);
        if (close_endpoint(sweep, action))
            return SWEEP_CLOSE;
        if (sweep->stage == STAGE_ENDED)
            break;
        if (probing_ask(sweep, action))
            return SWEEP_OPEN;
        if (courier_next(sweep->courier, now_us, action))
            return SWEEP_SEND;
        action->kind = SWEEP_WAIT;
        started = field_start_sentinel(sweep, now_us, action) || scouting_start(sweep, now_us, action) ||
                  second_look_start(sweep, now_us, action) || field_start(sweep, now_us, action);
        if (started && action->kind == SWEEP_OPEN)
            return SWEEP_OPEN;
    } while (started || courier_has_finished(sweep->courier) || conclusions_left(sweep));
    return wait_or_end(sweep, now_us, action);
}

void sweep_get_progress(const struct sweep *sweep, uint64_t now_us, struct sweep_progress *progress)
{
    static const char *const stages[] = {[STAGE_QUALIFYING] = "qualifying the server",
                                         [STAGE_SCOUTING] = "looking for a way out",
                                         [STAGE_SWEEPING] = "sweeping",
                                         [STAGE_ENDED] = "done"};
    uint32_t total = roster_udp_size(sweep->roster), settled = sweep->done - suspects_count(sweep->suspects);
    *progress = (struct sweep_progress){.ports_done = settled, .ports_total = total, .stage = stages[sweep->stage]};
    uint64_t until_us = sweep->blocked ? sweep->blocked_since_us : now_us;
    if (sweep->stage == STAGE_SWEEPING && settled > 0)
        progress->remaining_us = (until_us - sweep->swept_since_us) / settled * (total - settled);
    if (!sweep->blocked)
        return;
    uint64_t waited_us =
        now_us - sweep->blocked_since_us; /* how long a block lasts nobody knows, but no longer is waited */
    progress->stage = "waiting: the router seems to block the sweep";
    progress->remaining_us += sweep->patience_us > waited_us ? sweep->patience_us - waited_us : 0;
}

enum sweep_end sweep_ended_by(const struct sweep *sweep)
{
    return sweep->end;
}

struct report *sweep_take_report(struct sweep *sweep)
{
    return summary_report(sweep);
}
