#include "sweep/doubt.h"

#include "sweep/field.h"
#include "sweep/filtering.h"
#include "sweep/probing.h"
#include "sweep/second_look.h"
#include "sweep/server.h"
#include "sweep/streak.h"

#define GAP_US 2000000u /* between two proofs, and some round trips: what fails in a longer one is tested again */
#define BAN_PAUSE_US 35000000u   /* of a ban that shows in nothing but its streak: 30 s, or with a second pause 60 s */
#define BLOCK_PAUSE_US 10000000u /* of a suspected block, before the next look; bans last 30 s to some minutes */

static bool too_few_sends(const struct sweep *sweep, const struct observation *seen)
{
    struct loss loss = courier_loss(sweep->courier);
    unsigned needed = loss_sends_needed(&loss);
    return (seen->t1 == TEST_SILENT && seen->sends_t1 < needed) ||
           (seen->t2 == TEST_SILENT && seen->sends_t2 < needed) || (seen->t3 == TEST_SILENT && seen->sends_t3 < needed);
}

/* Test 3 came in by a forward, and Test 2 did not, at the same public address. */
static bool contradicts_itself(const struct sweep *sweep, const struct observation *seen)
{
    const struct address *target = &sweep->qualification.records[PROBE_BASIC].mapped;
    return seen->t3 == TEST_ANSWERED && seen->t1 == TEST_ANSWERED && seen->t2 == TEST_SILENT &&
           seen->mapped.port == seen->port && (!address_known(target) || address_same_ip(&seen->mapped, target));
}

uint64_t doubt_gap_us(const struct sweep *sweep)
{
    return GAP_US + 4 * courier_rtt_us(sweep->courier);
}

static void test_again(struct sweep *sweep, uint32_t index)
{
    const struct observation *seen = &sweep->seen[index];
    if (seen->tries < RETRIES_MAX && !seen->spent)
        field_put_back(sweep, index, REASON_SCAN_PROTECTION);
    else
        field_doubt(sweep, index, REASON_SCAN_PROTECTION);
}

/* Failures that the server has proven itself before and after are believed. */
void doubt_settle(struct sweep *sweep)
{
    uint32_t index;
    do {
        while (suspects_take_gap(sweep->suspects, &index))
            test_again(sweep, index);
    } while (suspects_take_proven(sweep->suspects, &index));
    filtering_settle(sweep);
}

/* The patience pays for the time in which nothing new was tested, however long the looks in between took. */
static void charge_patience(struct sweep *sweep, uint64_t now_us)
{
    uint64_t blocked_us = sweep->blocked ? now_us - sweep->blocked_since_us : 0;
    sweep->patience_us -= blocked_us < sweep->patience_us ? blocked_us : sweep->patience_us;
    sweep->blocked_since_us = now_us;
}

void doubt_unblock(struct sweep *sweep, uint64_t now_us)
{
    charge_patience(sweep, now_us);
    sweep->blocked = false;
}

/* The newest round's own socket was not heard at the first address either, where older ones still are: the router has
 * no room for another connection, be it with a port that nobody ever scanned. */
static bool no_room(const struct sweep *sweep)
{
    const struct probe_record *fresh = &sweep->qualification.records[PROBE_MAP_PRIMARY];
    return sweep->round_worked && fresh->state == PROBE_ENDED && fresh->outcome == TEST_SILENT;
}

static enum reason block_reason(const struct sweep *sweep, bool first_silent)
{
    if (first_silent || sweep->passed == ROSTER_NOBODY)
        return REASON_SERVER_FAULT;
    return no_room(sweep) ? REASON_TABLE_FULL : REASON_SCAN_PROTECTION;
}

/* The server's second address stopped answering although it was proven: the router blocks a scan, or half of the server
 * died. Nothing that failed since the last proof is believed; what the patience allows is waited for and tested again.
 */
void doubt_block(struct sweep *sweep, uint64_t now_us)
{
    bool first_silent = sweep->first_proven_us < sweep->round_began_us;
    enum reason reason = block_reason(sweep, first_silent);
    if (reason == REASON_SCAN_PROTECTION && sweep->guard == GUARD_NONE)
        sweep->guard = GUARD_SHOWN;
    field_take_back(sweep, reason);
    charge_patience(sweep, now_us);
    sweep->blocked = true;
    sweep->blocked_until_us = now_us + ROUND_INTERVAL_US;
    bool may_be_dead = now_us < sweep->first_proven_us + UINT64_C(2) * CONSENT_EXPIRY_US;
    if (first_silent && may_be_dead) /* which is for the consent to tell: it may still answer, but never usefully */
        return;
    if (sweep->patience_us == 0) {
        if (!second_look_over(sweep))
            doubt_for_good(sweep, reason);
        second_look_skip_unreached(sweep, reason);
        field_leave_untested(sweep, reason);
        sweep_end(sweep, SWEEP_END_COMPLETE, now_us);
        return;
    }
    uint64_t pause_us = sweep->patience_us < BLOCK_PAUSE_US ? sweep->patience_us : BLOCK_PAUSE_US;
    sweep->blocked_until_us = now_us + pause_us;
    courier_slow_down(sweep->courier);
}

/* The second address works, and did not when the ports were begun: their silence may have been its own. */
static void forget_failures(struct sweep *sweep)
{
    uint32_t index;
    while (suspects_take(sweep->suspects, &index))
        test_again(sweep, index);
    for (index = 0; index < roster_udp_size(sweep->roster); index++) {
        const struct observation *seen = &sweep->seen[index];
        bool failed = seen->server == sweep->server && seen->t1 == TEST_ANSWERED && verdict_needs_proof(seen);
        if (failed && sweep->slot_of[index] == NO_SLOT)
            test_again(sweep, index);
    }
    sweep->qualification.filter_proven = false;
    suspects_break(sweep->suspects, true);
}

void doubt_round_over(struct sweep *sweep, uint64_t now_us)
{
    const struct qualification *qualification = &sweep->qualification;
    bool t3_proven = qualification->response_port != TRI_YES || !qualification_answers(qualification) ||
                     qualification->records[PROBE_CHANGE_IP_SENT].outcome == TEST_ANSWERED;
    bool start_over = doubt_of_start(sweep) && sweep->round_began_us >= sweep->second_shown_us;
    sweep->round_open = false;
    sweep->round_ended_us = now_us;
    if (sweep->round_worked && !(qualification->round_proven && t3_proven))
        suspects_break(sweep->suspects, true);
    if (start_over && !qualification->round_proven) /* it cannot be asked from here: what ports show has to do */
        sweep->began_unproven = sweep->filter.early = false;
    if (qualification->round_proven && t3_proven) {
        if (sweep->began_unproven)
            forget_failures(sweep);
        sweep->began_unproven = false;
        suspects_prove_second(sweep->suspects, sweep->round_began_us, doubt_gap_us(sweep));
        sweep->round_worked = true;
        doubt_unblock(sweep, now_us);
    } else if (sweep->stage == STAGE_SWEEPING && qualification->second == TRI_YES) {
        sweep->sentinel_wanted = sweep->passed != ROSTER_NOBODY;
        if (!sweep->sentinel_wanted && sweep->round_worked)
            doubt_block(sweep, now_us);
        else if (!sweep->sentinel_wanted && sweep->blocked) /* nothing could show that it is over */
            doubt_unblock(sweep, now_us);
    }
}

bool doubt_of_start(const struct sweep *sweep)
{
    return sweep->stage == STAGE_SWEEPING && sweep->began_unproven && sweep->second_shown_us > 0;
}

bool doubt_round_wanted(const struct sweep *sweep, uint64_t now_us)
{
    if (sweep->stage != STAGE_SWEEPING || sweep->round_open || sweep->sentinel_wanted || sweep->sentinel_out)
        return false;
    if (sweep->blocked)
        return now_us >= sweep->blocked_until_us;
    bool start = doubt_of_start(sweep) && field_all_out(sweep);
    if (sweep->active == 0 && suspects_count(sweep->suspects) == 0 && !filtering_wants_proof(sweep) && !start)
        return false;
    uint64_t proven_us = suspects_proven_us(sweep->suspects, server_second_possible(sweep));
    uint64_t last_us = proven_us > sweep->round_ended_us ? proven_us : sweep->round_ended_us;
    return now_us >= last_us + ROUND_INTERVAL_US ||
           (field_all_out(sweep) && (sweep->last_finished_us > sweep->round_began_us || filtering_wants_proof(sweep)));
}

void doubt_begin_round(struct sweep *sweep, uint64_t now_us)
{
    sweep->round_began_us = now_us;
    sweep->round_first_us = sweep->first_proven_us;
    if (sweep->blocked) /* that only the second address is silent has to be known when the round is over */
        sweep->consent_us = now_us;
    bool no_way_out = !sweep->round_worked && field_sentinel(sweep) != ROSTER_NOBODY; /* to the second address */
    if (no_way_out && (sweep->blind || suspects_any(sweep->suspects, true))) {
        sweep->round_ended_us = now_us;
        sweep->sentinel_wanted = true;
        return;
    }
    probing_close(sweep, ROLE_SUBJECT);
    qualification_repeat(&sweep->qualification);
    sweep->round_open = true;
}

/* Test 2 came in when the ban was over. */
static bool lacks_t3_only(const struct sweep *sweep, uint32_t index)
{
    const struct observation *seen = &sweep->seen[index];
    return seen->server == sweep->server && seen->t2 == TEST_ANSWERED && seen->t3 == TEST_SILENT && !seen->doubted;
}

static void doubt_silence_of_t3(struct sweep *sweep)
{
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++) {
        if (!lacks_t3_only(sweep, index))
            continue;
        field_doubt(sweep, index, REASON_SCAN_PROTECTION);
        sweep->look.rule_contradicted = true;
        filtering_doubt(sweep);
    }
}

void doubt_all(struct sweep *sweep)
{
    if (sweep->guard != GUARD_HIDDEN)
        courier_slow_down(sweep->courier);
    sweep->guard = GUARD_HIDDEN;
    filtering_doubt(sweep);
    if (sweep->look.rule_contradicted) /* by what was swallowed, and the filter that showed it is doubted, too */
        doubt_silence_of_t3(sweep);
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++) {
        struct observation *seen = &sweep->seen[index];
        bool failed = seen->server == sweep->server && seen->t1 == TEST_ANSWERED && seen->t2 == TEST_SILENT;
        seen->of_streak = seen->of_streak || failed;
        if (failed && seen->spent)
            field_doubt(sweep, index, REASON_SCAN_PROTECTION);
    }
}

void doubt_for_good(struct sweep *sweep, enum reason reason)
{
    doubt_all(sweep);
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++)
        if (sweep->seen[index].of_streak && sweep->seen[index].t2 == TEST_SILENT && !sweep->seen[index].doubted)
            field_doubt(sweep, index, reason);
}

/* Loss is known best at the end: failures that were made with too few sends for it are tested again. So is what
 * contradicts itself, and stays in doubt when it goes on to: whatever swallows Test 2 then, it is not a missing
 * forward.
 */
static void look_at(struct sweep *sweep, uint32_t index, bool more_would_help)
{
    struct observation *seen = &sweep->seen[index];
    bool again = more_would_help && too_few_sends(sweep, seen);
    if (seen->server != sweep->server || !verdict_needs_proof(seen))
        return;
    if (seen->tries < RETRIES_MAX && !seen->spent && (again || contradicts_itself(sweep, seen))) {
        field_put_back(sweep, index, REASON_LOSS);
    } else if (contradicts_itself(sweep, seen)) {
        field_doubt(sweep, index, sweep->round_worked ? REASON_SCAN_PROTECTION : REASON_SERVER_FAULT);
        doubt_all(sweep);
    }
}

void doubt_look_back(struct sweep *sweep)
{
    struct loss loss = courier_loss(sweep->courier);
    bool more_would_help = sweep->plan->timeout_us == 0 && !loss_too_high(&loss);
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++)
        look_at(sweep, index, more_would_help);
}

static bool may_be_doubted(const struct sweep *sweep, uint32_t index)
{
    const struct observation *seen = &sweep->seen[index];
    return seen->server == sweep->server && !seen->spent && seen->t1 == TEST_ANSWERED && seen->t2 == TEST_SILENT &&
           !seen->doubted;
}

static bool failed_between(const struct sweep *sweep, uint32_t index, uint32_t begin, uint32_t end)
{
    uint32_t position = sweep->seen[index].position;
    return position >= begin && position < end && may_be_doubted(sweep, index);
}

/* Whether the failures between two places in the order are a suspect streak, and marks them then. */
static bool find_streak(struct sweep *sweep, uint32_t begin, uint32_t end, uint32_t passes, uint32_t failures)
{
    uint32_t streak = 0, ports = roster_udp_size(sweep->roster);
    for (uint32_t index = 0; index < ports; index++)
        streak += failed_between(sweep, index, begin, end);
    if (!streak_is_suspect(passes, failures, streak))
        return false;
    for (uint32_t index = 0; index < ports; index++)
        sweep->seen[index].of_streak = sweep->seen[index].of_streak || failed_between(sweep, index, begin, end);
    return true;
}

/* A ban that spares old connections spares rounds and sentinels too, but the order of the failures gives it away: it
 * ends before the first pass, or begins after the last one. What another server has left over is in no such order:
 * those are failures more than passes. */
static void find_streaks(struct sweep *sweep)
{
    uint32_t passes = 0, failures = 0, first_pass = UINT32_MAX, last_pass = 0, begin = sweep->starts_before + 1;
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++) {
        const struct observation *seen = &sweep->seen[index];
        bool in_order = seen->server == sweep->server && seen->position >= begin;
        bool passed = in_order && seen->t2 == TEST_ANSWERED;
        passes += passed;
        failures += in_order && seen->t1 == TEST_ANSWERED && seen->t2 == TEST_SILENT;
        if (passed && seen->position < first_pass)
            first_pass = seen->position;
        if (passed && seen->position > last_pass)
            last_pass = seen->position;
    }
    bool before = find_streak(sweep, begin, first_pass, passes, failures);
    bool after = find_streak(sweep, last_pass + 1, UINT32_MAX, passes, failures);
    if (!before && !after)
        return;
    sweep->guard = GUARD_HIDDEN;
    filtering_doubt(sweep);
}

/* What failed in a streak is tested again as long as the patience lasts, and never believed: it may pass once the ban
 * is over, and what is closed cannot be told from it. */
void doubt_look_at_order(struct sweep *sweep, uint64_t now_us)
{
    uint64_t patience_us = sweep->patience_us;
    bool waits = false;
    if (sweep->guard != GUARD_HIDDEN)
        find_streaks(sweep);
    if (sweep->guard != GUARD_HIDDEN)
        return;
    doubt_silence_of_t3(sweep);
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++) {
        struct observation *seen = &sweep->seen[index];
        if (!seen->of_streak || !may_be_doubted(sweep, index))
            continue;
        if (patience_us > 0 && seen->tries < RETRIES_MAX) {
            field_put_back(sweep, index, REASON_SCAN_PROTECTION);
            waits = true;
        } else {
            field_doubt(sweep, index, REASON_SCAN_PROTECTION);
        }
    }
    if (!waits)
        return;
    sweep->blocked = true;
    sweep->blocked_since_us = now_us;
    sweep->blocked_until_us = now_us + (patience_us < BAN_PAUSE_US ? patience_us : BAN_PAUSE_US);
}

/* Why a failure cannot be believed that nothing proves: a Test 1 that failed while old mappings work and fresh ones do
 * not, or a Test 2 or 3 that the second address was never proven after. */
static void leave_in_doubt(struct sweep *sweep, uint32_t index)
{
    bool of_first = sweep->seen[index].t1 != TEST_ANSWERED;
    field_doubt(sweep, index, of_first ? REASON_TABLE_FULL : REASON_SERVER_FAULT);
}

void doubt_resolve(struct sweep *sweep)
{
    bool first_answers = sweep->first_proven_us >= sweep->last_finished_us;
    bool round_failed = !sweep->round_open && !sweep->sentinel_out && !sweep->sentinel_wanted &&
                        sweep->round_began_us >= sweep->last_finished_us;
    uint32_t index;
    /* A server that was away while the round began has just come back: the next one tells. */
    bool was_away = sweep->round_first_us < sweep->last_finished_us && suspects_any(sweep->suspects, false);
    if (!first_answers || !round_failed || sweep->blocked || (was_away && !sweep->blind))
        return;
    while (suspects_take(sweep->suspects, &index))
        leave_in_doubt(sweep, index);
}
