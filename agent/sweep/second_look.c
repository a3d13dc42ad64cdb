#include "sweep/second_look.h"

#include "sweep/behaviour.h"
#include "sweep/chance.h"
#include "sweep/doubt.h"
#include "sweep/field.h"

#define QUIET_US 500000u /* lets in again what is limited to a few a second */

static bool is_failure(const struct sweep *sweep, uint32_t index)
{
    const struct observation *seen = &sweep->seen[index];
    return seen->server == sweep->server && seen->t1 == TEST_ANSWERED && seen->t2 == TEST_SILENT &&
           seen->mapped.port == seen->port && !seen->doubted && !seen->spent;
}

/* Any of them with the same chance (reservoir sampling). */
static void choose(struct sweep *sweep)
{
    struct second_look *look = &sweep->look;
    struct chance chance = {~sweep->plan->seed};
    uint32_t failures = 0;
    for (uint32_t index = 0; index < roster_udp_size(sweep->roster); index++) {
        if (!is_failure(sweep, index))
            continue;
        uint64_t place = chance_u64(&chance) % ++failures;
        if (look->count < SECOND_LOOKS)
            look->ports[look->count++] = index;
        else if (place < SECOND_LOOKS)
            look->ports[place] = index;
    }
}

void second_look_begin(struct sweep *sweep, uint64_t now_us)
{
    struct second_look *look = &sweep->look;
    if (look->state != LOOK_NONE)
        return;
    if (sweep->qualification.second == TRI_YES)
        choose(sweep);
    look->state = look->count > 0 ? LOOK_QUIET : LOOK_OVER;
    look->at_us = sweep->plan->pace_pps == 0 ? now_us : now_us + QUIET_US; /* who wants no pace wants no pause */
}

bool second_look_start(struct sweep *sweep, uint64_t now_us, struct sweep_action *action)
{
    struct second_look *look = &sweep->look;
    if (look->state == LOOK_QUIET && now_us >= look->at_us)
        look->state = LOOK_OUT;
    if (look->state != LOOK_OUT || look->next == look->count || list_empty(&sweep->free_slots) ||
        sweep->active >= sweep->window)
        return false;
    field_start_at(sweep, look->ports[look->next++], ERRAND_LOOK, now_us, action);
    return true;
}

static bool only_the_asked_get_in(const struct sweep *sweep)
{
    return behaviour_of(&sweep->qualification).filtering == BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT;
}

enum port_event second_look_opened(const struct sweep *sweep)
{
    return only_the_asked_get_in(sweep) ? PORT_OPENED_TO_CROSS : PORT_OPENED_FOR_T2;
}

void second_look_answered(struct sweep *sweep, const struct answer *answer)
{
    sweep->look.contradicted = sweep->look.contradicted || answer->outcome == TEST_ANSWERED;
}

static bool all_in(const struct sweep *sweep)
{
    return sweep->look.state == LOOK_OUT && sweep->look.next == sweep->look.count && sweep->active == 0;
}

void second_look_conclude(struct sweep *sweep)
{
    if (!all_in(sweep))
        return;
    sweep->look.state = LOOK_OVER;
    if (sweep->look.contradicted)
        doubt_all(sweep);
}

bool second_look_over(const struct sweep *sweep)
{
    return sweep->look.state == LOOK_OVER;
}

uint64_t second_look_wake_us(const struct sweep *sweep)
{
    return sweep->look.state == LOOK_QUIET ? sweep->look.at_us : UINT64_MAX;
}
