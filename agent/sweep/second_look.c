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

static bool is_unreached(const struct sweep *sweep, uint32_t index)
{
    const struct observation *seen = &sweep->seen[index];
    bool failed = seen->t1 == TEST_SILENT || seen->t1 == TEST_REFUSED;
    return seen->server == sweep->server && failed && !seen->doubted && !seen->spent;
}

/* Some of the ports for which `wanted` is true, any of them with the same chance, in any order (reservoir sampling,
 * shuffled inside out). Returns how many. */
static uint32_t choose(const struct sweep *sweep, bool (*wanted)(const struct sweep *sweep, uint32_t index),
                       uint32_t *ports, uint32_t size)
{
    struct chance chance = {~sweep->plan->seed};
    uint32_t found = 0, count = 0;
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++) {
        if (!wanted(sweep, index))
            continue;
        uint64_t place = chance_u64(&chance) % ++found;
        if (count < size)
            ports[count++] = ports[place];
        if (place < size)
            ports[place] = index;
    }
    return count;
}

static bool any_contradicts_the_filter(const struct sweep *sweep)
{
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++)
        if (contradicts_the_filter(sweep, index))
            return true;
    return false;
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

static bool looks_at_strangers(const struct second_look *look)
{
    return look->count > 0 || look->rule_contradicted;
}

void second_look_begin(struct sweep *sweep, uint64_t now_us)
{
    struct second_look *look = &sweep->look;
    if (look->state != LOOK_NONE)
        return;
    look->unreached_count = choose(sweep, is_unreached, look->unreached, UNREACHED_LOOKS);
    if (sweep->qualification.second == TRI_YES) {
        look->rule_contradicted = look->rule_contradicted || any_contradicts_the_filter(sweep);
        look->count = choose(sweep, is_failure, look->ports, SECOND_LOOKS);
    }
    bool lets_in = sweep->qualification.lets_in_second || sweep->qualification.lets_in_port;
    look->crosses = (filter_asked(sweep) || sweep->blind) && !lets_in;
    look->control = look->crosses && look->count > 0 ? control_port(sweep) : ROSTER_NOBODY;
    look->state = LOOK_QUIET;
    /* Who wants no pace wants no pause, but its haste must not make ports unreachable. */
    bool pauses = look->unreached_count > 0 || (looks_at_strangers(look) && sweep->plan->pace_pps != 0);
    look->at_us = pauses ? now_us + QUIET_US : now_us;
    second_look_go_on(sweep, now_us);
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
    if (look->state == LOOK_UNREACHED && sweep->active == 0 && look->unreached_next < look->unreached_count)
        return start(sweep, look->unreached[look->unreached_next++], now_us, action);
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
    if (sweep->look.state == LOOK_UNREACHED)
        return PORT_OPENED_WITHOUT_T3;
    return sweep->look.crosses || !failed ? PORT_OPENED_TO_CROSS : PORT_OPENED_FOR_T2;
}

bool second_look_crosses_only(const struct sweep *sweep, uint32_t index)
{
    for (uint32_t i = 0; i < T2_LOOKS && i < sweep->look.count; i++)
        if (sweep->look.ports[i] == index)
            return false;
    return true;
}

/* What swallowed its Test 1 was nothing of its own, and may have swallowed that of all that failed like it. */
static void doubt_alike(struct sweep *sweep, uint32_t index)
{
    struct observation like = sweep->seen[index];
    sweep->limited = true;
    for (index = 0; index < roster_udp_size(sweep->roster); index++)
        if (is_unreached(sweep, index) && sweep->seen[index].t1 == like.t1 && sweep->seen[index].reason == like.reason)
            field_doubt(sweep, index, REASON_LOSS);
}

void second_look_answered(struct sweep *sweep, const struct slot *slot, const struct answer *answer)
{
    struct second_look *look = &sweep->look;
    bool answered = answer->outcome == TEST_ANSWERED, failed = sweep->seen[slot->index].t2 != TEST_ANSWERED;
    if (slot->state == PORT_T1 && answered)
        doubt_alike(sweep, slot->index);
    if (slot->state == PORT_T1)
        return;
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

static bool unreached_over(const struct sweep *sweep)
{
    const struct second_look *look = &sweep->look;
    return look->state == LOOK_UNREACHED && look->unreached_next == look->unreached_count && sweep->active == 0;
}

void second_look_go_on(struct sweep *sweep, uint64_t now_us)
{
    struct second_look *look = &sweep->look;
    if (look->state == LOOK_QUIET && now_us >= look->at_us)
        look->state = LOOK_UNREACHED;
    if (unreached_over(sweep)) {
        look->state = looks_at_strangers(look) ? LOOK_OUT : LOOK_OVER;
        if (look->state == LOOK_OVER)
            qualification_release(&sweep->qualification, PROBE_FILTER_PORT);
    }
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

void second_look_skip_unreached(struct sweep *sweep, enum reason reason)
{
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++)
        if (sweep->look.state <= LOOK_UNREACHED && is_unreached(sweep, index))
            field_doubt(sweep, index, reason);
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
