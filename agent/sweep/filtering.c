#include "sweep/filtering.h"

#include "sweep/doubt.h"
#include "sweep/probing.h"

#define TRIES_MAX 3

void filtering_begin(struct sweep *sweep)
{
    sweep->filter = (struct filter_proof){.began_us = UINT64_MAX};
}

void filtering_answered(struct sweep *sweep, enum probe probe, const struct answer *answer, uint64_t now_us)
{
    struct filter_proof *filter = &sweep->filter;
    if (answer->outcome == TEST_SILENT && (filter->sends == 0 || answer->sends < filter->sends))
        filter->sends = answer->sends;
    if (probe != PROBE_FILTER_BOTH) /* the second address has no part in it */
        return;
    filter->began_us = answer->began_us;
    filter->ended_us = now_us;
}

void filtering_begin_ports(struct sweep *sweep, uint64_t now_us)
{
    sweep->filter.ports_began_us = now_us;
    if (sweep->qualification.second != TRI_YES && sweep->filter.ended_us <= now_us)
        sweep->filter.ended_us = now_us + 1;
    const struct probe_record *other = &sweep->qualification.records[PROBE_MAP_OTHER];
    sweep->filter.early = sweep->qualification.round_proven && !other->at_once;
}

static bool is_silent(const struct sweep *sweep)
{
    return sweep->qualification.records[PROBE_FILTER_BOTH].outcome == TEST_SILENT;
}

static bool enough_sends(const struct sweep *sweep)
{
    struct loss loss = courier_loss(sweep->courier);
    return !loss_too_high(&loss) && sweep->filter.sends >= loss_sends_needed(&loss);
}

/* An old silence may come from a ban that was over before this stranger came; so may a new one, where none came in to
 * the same port before. */
void filtering_vouch(struct sweep *sweep, bool came_unasked, uint64_t now_us)
{
    struct qualification *qualification = &sweep->qualification;
    bool first = qualification_holds(qualification, PROBE_FILTER_PORT);
    bool old = now_us > sweep->filter.ended_us + doubt_gap_us(sweep);
    if (first && is_silent(sweep) && (old || !came_unasked)) { /* later, a probe may be under way */
        filtering_ask_again(sweep);
        qualification->filter_proven = false;
    }
    qualification_release(qualification, PROBE_FILTER_PORT);
    bool asked = qualification->records[PROBE_FILTER_BOTH].state != PROBE_WAITING;
    if (asked && sweep->guard != GUARD_HIDDEN) /* a ban that comes and goes may have been there in between */
        sweep->filter.vouched = true;
}

void filtering_doubt(struct sweep *sweep)
{
    const struct second_look *look = &sweep->look;
    bool spent = look->crossed || look->uncrossed; /* what the first address's other port was allowed */
    if (spent || look->rule_contradicted || sweep->qualification.guest_refused)
        sweep->filter.vouched = false;
    if (!sweep->filter.vouched)
        sweep->qualification.filter_proven = false;
}

void filtering_settle(struct sweep *sweep)
{
    const struct filter_proof *filter = &sweep->filter;
    bool too_early = filter->began_us + doubt_gap_us(sweep) < filter->ports_began_us;
    bool doubted = too_early || filter->early || (sweep->guard == GUARD_HIDDEN && !filter->vouched);
    if (!sweep->qualification.filter_proven && !doubted && is_silent(sweep) && enough_sends(sweep) &&
        suspects_proven_through(sweep->suspects, filter->began_us, filter->ended_us))
        sweep->qualification.filter_proven = true;
}

bool filtering_wants_proof(const struct sweep *sweep)
{
    return is_silent(sweep) && !sweep->qualification.filter_proven && sweep->qualification.second == TRI_YES &&
           sweep->round_began_us < sweep->filter.ended_us;
}

static bool proof_is_under_way(const struct sweep *sweep)
{
    return sweep->round_open || sweep->sentinel_out || sweep->sentinel_wanted || filtering_wants_proof(sweep);
}

bool filtering_over(const struct sweep *sweep)
{
    bool believed = !is_silent(sweep) || sweep->qualification.filter_proven;
    return believed || sweep->qualification.second != TRI_YES ||
           (sweep->filter.tries >= TRIES_MAX && !proof_is_under_way(sweep));
}

void filtering_ask_again(struct sweep *sweep)
{
    struct filter_proof before = sweep->filter;
    filtering_begin(sweep);
    sweep->filter.tries = before.tries;
    sweep->filter.vouched = before.vouched;
    sweep->filter.refused = before.refused || sweep->qualification.filter_proven;
    probing_close(sweep, ROLE_FILTER);
    probing_close(sweep, ROLE_GUEST);
    qualification_repeat_filter(&sweep->qualification);
}

void filtering_renew(struct sweep *sweep, uint64_t now_us)
{
    if (filtering_over(sweep) || proof_is_under_way(sweep))
        return;
    sweep->filter.tries++;
    filtering_ask_again(sweep);
    doubt_begin_round(sweep, now_us); /* the last may be too long ago to prove anything together with the next */
}
