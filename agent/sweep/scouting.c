#include "sweep/scouting.h"

#include "sweep/chance.h"
#include "sweep/field.h"
#include "sweep/probing.h"
#include "sweep/server.h"

#include <assert.h>

#define INTERVAL_US 300000u /* between two scouts: what has sent can no longer show that it is reached unasked */

static size_t udp_ranges(const struct port_list *list)
{
    size_t count = 0;
    while (count < list->count && list->ranges[count].transport == TRANSPORT_UDP)
        count++;
    return count;
}

static size_t largest(const struct port_list *list, size_t ranges)
{
    size_t found = 0;
    for (size_t i = 1; i < ranges; i++)
        if (list->ranges[i].last - list->ranges[i].first > list->ranges[found].last - list->ranges[found].first)
            found = i;
    return found;
}

static bool chosen(const struct sweep *sweep, uint32_t index)
{
    for (uint32_t i = 0; i < sweep->scouts_sent; i++)
        if (sweep->scouts[i] == index)
            return true;
    return false;
}

/* Spread over the plan's ranges, of which each may be allowed for itself. The largest range goes first: of many ports
 * of one kind the stand-in is missed least. */
static uint32_t choose(const struct sweep *sweep)
{
    const struct port_list *list = &sweep->plan->ports;
    size_t ranges = udp_ranges(list), step = sweep->scouts_sent;
    assert(ranges > 0); /* there are fewer scouts than UDP ports */
    if (ranges > SCOUTS_MAX)
        step = step * ranges / SCOUTS_MAX;
    const struct port_range *range = &list->ranges[(largest(list, ranges) + step) % ranges];
    struct chance chance = {sweep->plan->seed + sweep->scouts_sent};
    uint32_t index = roster_find(sweep->roster, range->first);
    index += (uint32_t)(chance_u64(&chance) % (range->last - range->first + 1u));
    while (chosen(sweep, index))
        index = (index + 1) % roster_udp_size(sweep->roster);
    return index;
}

static bool all_sent(const struct sweep *sweep)
{
    return sweep->scouts_sent == SCOUTS_MAX || sweep->scouts_sent == roster_udp_size(sweep->roster);
}

void scouting_begin(struct sweep *sweep, uint64_t now_us)
{
    sweep->stage = STAGE_SCOUTING;
    sweep->scout_at_us = now_us;
}

static bool stand_in_waits(const struct sweep *sweep)
{
    return sweep->stage == STAGE_QUALIFYING && sweep->qualification.stand_in == STAND_IN_UNTESTED &&
           qualification_answers(&sweep->qualification) && sweep->active == 0;
}

bool scouting_start(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    if (list_empty(&sweep->free_slots))
        return false;
    if (stand_in_waits(sweep)) {
        field_start_at(sweep, sweep->stand_in, ERRAND_STAND_IN, now_us, action);
        return true;
    }
    if (sweep->stage != STAGE_SCOUTING || sweep->scout_answered || all_sent(sweep) || now_us < sweep->scout_at_us ||
        sweep->active >= sweep->window)
        return false;
    uint32_t index = choose(sweep);
    sweep->scouts[sweep->scouts_sent++] = index;
    sweep->scout_at_us = now_us + INTERVAL_US;
    field_start_at(sweep, index, ERRAND_SCOUT, now_us, action);
    return true;
}

uint64_t scouting_wake_us(const struct sweep *sweep)
{
    return sweep->stage == STAGE_SCOUTING && !all_sent(sweep) ? sweep->scout_at_us : UINT64_MAX;
}

void scouting_answered(struct sweep *sweep, const struct slot *scout, const struct answer *answer)
{
    sweep->scout_answered = true;
    sweep->scouted_other = answer->other;
    sweep->stand_in = scout->index;
}

bool scouting_over(const struct sweep *sweep)
{
    return sweep->stage == STAGE_SCOUTING && (sweep->scout_answered || (all_sent(sweep) && sweep->active == 0));
}

static void ask_anew(struct sweep *sweep)
{
    probing_close_all(sweep);
    qualification_begin(&sweep->qualification, &sweep->plan->servers[sweep->server].address);
    sweep->round_open = true;
    sweep->stage = STAGE_QUALIFYING;
}

void scouting_conclude(struct sweep *sweep, uint64_t now_us)
{
    if (!sweep->scout_answered) {
        bool misheard = sweep->qualification.records[PROBE_BASIC].outcome == TEST_MALFORMED;
        server_give_up(sweep, misheard ? SWEEP_END_MISHEARD : SWEEP_END_NO_ANSWER, now_us);
        return;
    }
    field_take_back(sweep, REASON_NEVER_REACHED);
    ask_anew(sweep);
}

void scouting_stand_in(struct sweep *sweep)
{
    ask_anew(sweep);
    sweep->blind = true;
    sweep->qualification.stand_in = sweep->seen[sweep->stand_in].spent ? STAND_IN_TESTED : STAND_IN_UNTESTED;
}

void scouting_tested(struct sweep *sweep, uint32_t index)
{
    struct observation *seen = &sweep->seen[index];
    seen->spent = true;
    sweep->qualification.stand_in = STAND_IN_TESTED;
    if (sweep->passed == index)
        sweep->passed = ROSTER_NOBODY;
    if (sweep->answered == index)
        sweep->answered = ROSTER_NOBODY;
}

void scouting_settle(struct sweep *sweep, uint64_t now_us)
{
    struct observation *seen = &sweep->seen[sweep->stand_in];
    if (sweep->qualification.stand_in != STAND_IN_TESTED || seen->server != sweep->server || !verdict_needs_proof(seen))
        return;
    if (seen->t1 != TEST_ANSWERED) { /* though it was, before */
        seen->doubted = true;
        seen->reason = REASON_LOSS;
    } else if (!sweep->qualification.round_proven) {
        suspects_add(sweep->suspects, sweep->stand_in, now_us, now_us, true);
    }
}
