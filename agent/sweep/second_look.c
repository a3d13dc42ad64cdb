#include "sweep/second_look.h"

#include "sweep/chance.h"
#include "sweep/doubt.h"
#include "sweep/field.h"
#include "sweep/filtering.h"

#define T2_LOOKS 12      /* ports whose Test 2 is repeated beside the cross: a limit shows in many of them */
#define QUIET_US 500000u /* lets in again what is limited to a few a second */

static bool is_failure(const struct sweep *sweep, uint32_t index)
{
    const struct observation *seen = &sweep->seen[index];
    return seen->server == sweep->server && seen->t1 == TEST_ANSWERED && seen->t2 == TEST_SILENT &&
           seen->mapped.port == seen->port && !seen->doubted && !seen->spent;
}

static bool contradicts_the_filter(const struct sweep *sweep, uint32_t index)
{
    const struct observation *seen = &sweep->seen[index];
    const struct address *public_address = &sweep->qualification.records[PROBE_BASIC].mapped;
    return seen->server == sweep->server && seen->t2 == TEST_ANSWERED && seen->t3 == TEST_SILENT && !seen->doubted &&
           !plan_is_probed(sweep->plan, seen->port) && sweep->qualification.response_port == TRI_YES &&
           address_same_ip(&seen->mapped, public_address) &&
           (sweep->qualification.records[PROBE_FILTER_BOTH].outcome == TEST_SILENT || sweep->filter.refused);
}

/* Any of them with the same chance, in any order (reservoir sampling, shuffled inside out). */
static void choose(struct sweep *sweep)
{
    struct second_look *look = &sweep->look;
    struct chance chance = {~sweep->plan->seed};
    uint32_t failures = 0;
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++) {
        look->rule_contradicted = look->rule_contradicted || contradicts_the_filter(sweep, index);
        if (!is_failure(sweep, index))
            continue;
        uint64_t place = chance_u64(&chance) % ++failures;
        if (look->count < SECOND_LOOKS)
            look->ports[look->count++] = look->ports[place];
        if (place < SECOND_LOOKS)
            look->ports[place] = index;
    }
}

static bool filter_asked(const struct sweep *sweep)
{
    return sweep->qualification.records[PROBE_FILTER_BOTH].outcome != TEST_NOT_MADE;
}

/* A rule let it in, and not a hole that a probe has left. */
static uint32_t control_port(const struct sweep *sweep)
{
    uint32_t index = sweep->passed;
    bool fit = index != ROSTER_NOBODY && sweep->seen[index].t2 == TEST_ANSWERED &&
               !plan_is_probed(sweep->plan, sweep->seen[index].port);
    return fit ? index : ROSTER_NOBODY;
}

void second_look_begin(struct sweep *sweep, uint64_t now_us)
{
    struct second_look *look = &sweep->look;
    if (look->state != LOOK_NONE)
        return;
    if (sweep->qualification.second == TRI_YES)
        choose(sweep);
    bool lets_in = sweep->qualification.lets_in_second || sweep->qualification.lets_in_port;
    look->crosses = (filter_asked(sweep) || sweep->blind) && !lets_in;
    look->control = look->crosses && look->count > 0 ? control_port(sweep) : ROSTER_NOBODY;
    look->state = look->count > 0 || look->rule_contradicted ? LOOK_QUIET : LOOK_OVER;
    look->at_us = sweep->plan->pace_pps == 0 ? now_us : now_us + QUIET_US; /* who wants no pace wants no pause */
    if (look->state == LOOK_OVER)
        qualification_release(&sweep->qualification, PROBE_FILTER_PORT);
}

static bool start(struct sweep *sweep, uint32_t index, uint64_t now_us, struct sweep_action *action)
{
    if (list_empty(&sweep->free_slots) || sweep->active >= sweep->window || sweep->slot_of[index] != NO_SLOT)
        return false;
    field_start_at(sweep, index, ERRAND_LOOK, now_us, action);
    return true;
}

bool second_look_start(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    struct second_look *look = &sweep->look;
    if (look->state == LOOK_QUIET && now_us >= look->at_us)
        look->state = LOOK_OUT;
    if (look->state == LOOK_OUT && look->next < look->count && start(sweep, look->ports[look->next], now_us, action)) {
        look->next++;
        return true;
    }
    if (look->state == LOOK_CONTROL && look->control != ROSTER_NOBODY && start(sweep, look->control, now_us, action)) {
        look->control = ROSTER_NOBODY;
        return true;
    }
    return false;
}

enum port_event second_look_opened(const struct sweep *sweep, uint32_t index)
{
    bool failed = sweep->seen[index].t2 != TEST_ANSWERED;
    return sweep->look.crosses || !failed ? PORT_OPENED_TO_CROSS : PORT_OPENED_FOR_T2;
}

bool second_look_crosses_only(const struct sweep *sweep, uint32_t index)
{
    for (uint32_t i = 0; i < T2_LOOKS && i < sweep->look.count; i++)
        if (sweep->look.ports[i] == index)
            return false;
    return true;
}

void second_look_answered(struct sweep *sweep, const struct slot *slot, const struct answer *answer)
{
    struct second_look *look = &sweep->look;
    bool answered = answer->outcome == TEST_ANSWERED, failed = sweep->seen[slot->index].t2 != TEST_ANSWERED;
    if (slot->state == PORT_T2)
        look->contradicted = look->contradicted || answered;
    else if (!failed)
        look->turned_away = answer->outcome == TEST_SILENT;
    else if (answered)
        look->crossed = true;
    else
        look->uncrossed = true;
}

static bool crossing(const struct sweep *sweep)
{
    list_for_each(link, &sweep->active_slots)
    {
        enum port_state state = list_entry(link, struct slot, link)->state;
        if (state == PORT_OPENING || state == PORT_CROSS)
            return true;
    }
    return false;
}

/* Every port that failed has asked for the first address's other port, which only now may be spent on anything else. */
static bool controls_due(const struct sweep *sweep)
{
    const struct second_look *look = &sweep->look;
    return look->state == LOOK_OUT && look->next == look->count && !crossing(sweep) &&
           qualification_over(&sweep->qualification);
}

static void begin_controls(struct sweep *sweep)
{
    sweep->look.state = LOOK_CONTROL;
    sweep->look.second_silent = sweep->qualification.records[PROBE_FILTER_BOTH].outcome == TEST_SILENT;
    if (filter_asked(sweep))
        filtering_ask_again(sweep);
    qualification_release(&sweep->qualification, PROBE_FILTER_PORT);
    if (sweep->look.control != ROSTER_NOBODY)
        qualification_release(&sweep->qualification, PROBE_PORT);
}

/* What only a ban of strangers explains. */
static bool strangers_are_banned(const struct sweep *sweep)
{
    const struct second_look *look = &sweep->look;
    const struct qualification *qualification = &sweep->qualification;
    const struct probe_record *records = qualification->records;
    /* Where nothing shows the filter, a rule and a ban are as likely as one that lets in the asked address. */
    bool no_filter_does = sweep->blind || look->uncrossed || records[PROBE_FILTER_PORT].outcome == TEST_SILENT;
    bool rule_lets_in = look->crossed && !qualification->lets_in_port && no_filter_does;
    bool rule_does_not = look->turned_away && records[PROBE_PORT_ASKED].outcome == TEST_ANSWERED;
    bool silent = look->second_silent || sweep->filter.refused || records[PROBE_FILTER_BOTH].outcome == TEST_SILENT;
    bool filter_changed = (qualification->lets_in_second && silent) ||
                          (qualification->lets_in_port && records[PROBE_FILTER_PORT].outcome == TEST_SILENT);
    return rule_lets_in || rule_does_not || filter_changed || look->rule_contradicted || qualification->guest_refused;
}

static bool all_in(const struct sweep *sweep)
{
    return sweep->look.state == LOOK_CONTROL && sweep->look.control == ROSTER_NOBODY && sweep->active == 0 &&
           qualification_over(&sweep->qualification);
}

bool second_look_due(const struct sweep *sweep)
{
    return sweep->look.state == LOOK_NONE || all_in(sweep);
}

void second_look_go_on(struct sweep *sweep)
{
    if (controls_due(sweep))
        begin_controls(sweep);
}

void second_look_conclude(struct sweep *sweep)
{
    const struct second_look *look = &sweep->look;
    if (!all_in(sweep))
        return;
    bool no_room = sweep->qualification.records[PROBE_FILTER_BASIC].outcome == TEST_SILENT; /* for the controls */
    sweep->look.state = LOOK_OVER;
    if (look->contradicted || strangers_are_banned(sweep))
        doubt_all(sweep);
    else if (no_room)
        doubt_for_good(sweep, REASON_TABLE_FULL);
}

void second_look_break_off(struct sweep *sweep)
{
    struct second_look *look = &sweep->look;
    bool found = look->contradicted || strangers_are_banned(sweep);
    if (look->state != LOOK_OVER && (found || sweep->qualification.lets_in_second))
        doubt_for_good(sweep, REASON_SCAN_PROTECTION);
    look->state = LOOK_OVER;
}

bool second_look_over(const struct sweep *sweep)
{
    return sweep->look.state == LOOK_OVER;
}

uint64_t second_look_wake_us(const struct sweep *sweep)
{
    return sweep->look.state == LOOK_QUIET ? sweep->look.at_us : UINT64_MAX;
}
