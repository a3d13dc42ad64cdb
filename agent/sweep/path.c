#include "sweep/path.h"

struct path path_make(uint32_t pace_pps)
{
    return (struct path){.pacer = pacer_make(pace_pps)};
}

void path_change_server(struct path *path)
{
    *path = (struct path){.pacer = path->pacer};
}

bool path_ready(const struct path *path, uint64_t now_us)
{
    return consent_may_send(&path->consent, now_us) && pacer_ready(&path->pacer, now_us);
}

bool path_take(struct path *path, uint64_t now_us)
{
    if (!consent_may_send(&path->consent, now_us) || !pacer_take(&path->pacer, now_us))
        return false;
    consent_sent(&path->consent);
    return true;
}

uint64_t path_wake_us(const struct path *path, uint64_t now_us)
{
    return consent_may_send(&path->consent, now_us) ? pacer_wake_us(&path->pacer) : UINT64_MAX;
}

void path_round_trip(struct path *path, uint64_t now_us, uint64_t rtt_us, unsigned lost, enum path_way way)
{
    rto_sample(way == PATH_FIRST ? &path->rto : &path->rto_second, rtt_us);
    pacer_round_trip(&path->pacer, now_us, rtt_us);
    if (way == PATH_BOTH) {
        loss_count(&path->second, 1, lost);
    } else {
        loss_count(&path->first, 1, lost + path->unheard);
        path->unheard = 0;
    }
    consent_answered(&path->consent, now_us, false);
}

void path_agreed(struct path *path, uint64_t now_us)
{
    consent_answered(&path->consent, now_us, true);
}

void path_silent(struct path *path, unsigned sends)
{
    path->unheard += sends;
}

struct loss path_loss(const struct path *path)
{
    return loss_worse(&path->first, &path->second);
}

unsigned path_sends_needed(const struct path *path)
{
    struct loss loss = path_loss(path);
    return loss_sends_needed(&loss);
}

static uint64_t wait_us(const struct rto *rto, unsigned tries, bool last)
{
    return last ? rto_last_wait_us(rto) : rto_interval_us(rto, tries);
}

uint64_t path_wait_us(const struct path *path, unsigned tries, bool last, enum path_way way)
{
    uint64_t first_us = wait_us(&path->rto, tries, last);
    if (way == PATH_FIRST || path->rto_second.samples == 0) /* every send may be answered up to the end */
        return first_us;
    uint64_t second_us = wait_us(&path->rto_second, tries, last);
    return first_us > second_us ? first_us : second_us;
}
