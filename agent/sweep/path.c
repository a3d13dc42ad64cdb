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

void path_round_trip(struct path *path, uint64_t now_us, uint64_t rtt_us, unsigned send, bool by_second)
{
    rto_sample(&path->rto, rtt_us);
    pacer_round_trip(&path->pacer, now_us, rtt_us);
    if (by_second) {
        loss_count(&path->second, 1, send);
    } else {
        loss_count(&path->first, 1, send + path->unheard);
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

uint64_t path_wait_us(const struct path *path, unsigned tries, bool last)
{
    return last ? rto_last_wait_us(&path->rto) : rto_interval_us(&path->rto, tries);
}
