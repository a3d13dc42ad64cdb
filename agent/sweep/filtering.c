#include "sweep/filtering.h"

#include "sweep/probing.h"

#define TRIES_MAX 3

void filtering_begin(struct sweep *sweep)
{
    sweep->filter = (struct filter_proof){.began_us = UINT64_MAX};
}

void filtering_answered(struct sweep *sweep, const struct answer *answer, uint64_t now_us)
{
    struct filter_proof *filter = &sweep->filter;
    if (answer->began_us < filter->began_us)
        filter->began_us = answer->began_us;
    if (answer->outcome == TEST_SILENT && (filter->sends == 0 || answer->sends < filter->sends))
        filter->sends = answer->sends;
    filter->ended_us = now_us;
}

void filtering_begin_ports(struct sweep *sweep, uint64_t now_us)
{
    if (sweep->qualification.second != TRI_YES && sweep->filter.ended_us <= now_us)
        sweep->filter.ended_us = now_us + 1;
}

/* Both have ended, and the first with silence. */
static bool is_silent(const struct sweep *sweep)
{
    const struct probe_record *records = sweep->qualification.records;
    return records[PROBE_FILTER_BOTH].outcome == TEST_SILENT && records[PROBE_FILTER_PORT].state == PROBE_ENDED;
}

static bool enough_sends(const struct sweep *sweep)
{
    struct loss loss = courier_loss(sweep->courier);
    return !loss_too_high(&loss) && sweep->filter.sends >= loss_sends_needed(&loss);
}

void filtering_settle(struct sweep *sweep)
{
    const struct filter_proof *filter = &sweep->filter;
    if (!sweep->qualification.filter_proven && is_silent(sweep) && enough_sends(sweep) &&
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

void filtering_renew(struct sweep *sweep)
{
    uint8_t tries = (uint8_t)(sweep->filter.tries + 1);
    if (filtering_over(sweep) || proof_is_under_way(sweep))
        return;
    filtering_begin(sweep);
    sweep->filter.tries = tries;
    probing_close(sweep, ROLE_FILTER);
    qualification_repeat_filter(&sweep->qualification);
}
