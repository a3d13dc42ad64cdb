#include "sweep/server.h"

#include "sweep/behaviour.h"
#include "sweep/field.h"
#include "sweep/filtering.h"
#include "sweep/probing.h"
#include "sweep/scouting.h"
#include "sweep/second_look.h"

#define PINGS 12 /* in a row at the start, to know RTT and loss before a port is given up */

bool server_second_possible(const struct sweep *sweep)
{
    return address_known(&sweep->qualification.other) && sweep->qualification.second != TRI_NO;
}

bool server_t3_possible(const struct sweep *sweep)
{
    return server_second_possible(sweep) && qualification_answers(&sweep->qualification) &&
           sweep->qualification.response_port != TRI_NO;
}

/* Keeps what judges the ports that were tested with the server in use, and what the report tells of it. */
void server_note(struct sweep *sweep)
{
    const struct qualification *qualification = &sweep->qualification;
    struct nat_behaviour behaviour = behaviour_of(qualification);
    struct loss loss = courier_loss(sweep->courier);
    sweep->circumstances[sweep->server] =
        (struct circumstances){.second = address_known(&qualification->other) ? qualification->second : TRI_NO,
                               .response_port = qualification->response_port,
                               .filtering = behaviour.filtering,
                               .unfiltered = behaviour.unfiltered,
                               .mapping_false = qualification_mapping_false(qualification),
                               .blind = sweep->blind,
                               .guarded = sweep->guard != GUARD_NONE,
                               .public_address = qualification->records[PROBE_BASIC].mapped,
                               .sends_needed = loss_sends_needed(&loss),
                               .loss_too_high = loss_too_high(&loss)};
    if (sweep->stage == STAGE_SWEEPING || sweep->swept_since_us == 0) {
        sweep->told = *qualification;
        sweep->told_server = sweep->server;
    }
}

void server_begin(struct sweep *sweep, size_t server)
{
    probing_close_all(sweep);
    courier_change_server(sweep->courier);
    sweep->server = server;
    sweep->stage = STAGE_QUALIFYING;
    sweep->blind = sweep->scout_answered = sweep->scout_misheard = false;
    sweep->pings = PINGS;
    sweep->consent_us = 0;
    sweep->round_open = true;
    sweep->began_unproven = false;
    sweep->round_worked = sweep->blocked = sweep->sentinel_wanted = sweep->sentinel_out = false;
    sweep->scouts_sent = 0;
    sweep->starts_before = sweep->starts;
    sweep->guard = GUARD_NONE;
    sweep->asking = PROBE_COUNT;
    filtering_begin(sweep);
    sweep->look = (struct second_look){0};
    sweep->passed = sweep->answered = ROSTER_NOBODY;
    if (server < sweep->plan->server_count)
        qualification_begin(&sweep->qualification, &sweep->plan->servers[server].address);
}

static void go_on_with(struct sweep *sweep, size_t server, enum sweep_end otherwise, uint64_t now_us)
{
    if (server == CANDIDATE_NONE) {
        sweep_end(sweep, otherwise, now_us);
        return;
    }
    server_note(sweep);
    server_begin(sweep, server);
}

void server_give_up(struct sweep *sweep, enum sweep_end otherwise, uint64_t now_us)
{
    if (sweep->done > 0 || sweep->scout_misheard) /* what was found before still stands */
        otherwise = SWEEP_END_COMPLETE;
    second_look_break_off(sweep);
    field_take_back(sweep, REASON_SERVER_FAULT);
    candidates_rank(&sweep->candidates, sweep->server, RANK_FAILED);
    size_t next = candidates_next(&sweep->candidates);
    if (next != CANDIDATE_NONE)
        (void)field_put_back_misheard(sweep);
    go_on_with(sweep, next, otherwise, now_us);
}

bool server_fail_over(struct sweep *sweep, uint64_t now_us)
{
    struct candidates others = sweep->candidates;
    candidates_rank(&others, sweep->server, RANK_FAILED);
    if (candidates_next(&others) == CANDIDATE_NONE || field_put_back_misheard(sweep) == 0)
        return false;
    server_give_up(sweep, SWEEP_END_COMPLETE, now_us);
    return true;
}

static void begin_ports(struct sweep *sweep, uint64_t now_us)
{
    candidates_use(&sweep->candidates, sweep->server, &sweep->qualification.other);
    suspects_begin(sweep->suspects, now_us);
    sweep->began_unproven = !sweep->qualification.round_proven && !sweep->blind;
    sweep->second_shown_us = 0;
    filtering_begin_ports(sweep, now_us);
    scouting_settle(sweep, now_us);
    sweep->stage = STAGE_SWEEPING;
    if (sweep->swept_since_us == 0)
        sweep->swept_since_us = now_us;
}

static enum rank rank_of(const struct sweep *sweep)
{
    const struct qualification *qualification = &sweep->qualification;
    if (!candidates_clean(&sweep->candidates, sweep->server, &qualification->other))
        return RANK_FAILED;
    if (!qualification_answers(qualification) || qualification_mapping_false(qualification))
        return RANK_BAD;
    switch (qualification->second) {
    case TRI_YES: return RANK_GOOD;
    case TRI_NO: return RANK_NO_SECOND;
    default: return RANK_UNPROVEN;
    }
}

static void rank_server(struct sweep *sweep, uint64_t now_us)
{
    enum rank rank = rank_of(sweep);
    candidates_rank(&sweep->candidates, sweep->server, rank);
    size_t next = candidates_next(&sweep->candidates);
    if (rank == RANK_GOOD || next == sweep->server)
        begin_ports(sweep, now_us);
    else
        go_on_with(sweep, next, SWEEP_END_NO_ANSWER, now_us);
}

/* The first round is over: is the server any good? */
void server_qualified(struct sweep *sweep, uint64_t now_us)
{
    const struct probe_record *basic = &sweep->qualification.records[PROBE_BASIC];
    if (basic->outcome == TEST_ERROR && (basic->error_code == 401 || basic->error_code == 438))
        server_give_up(sweep, SWEEP_END_UNAUTHORIZED, now_us);
    else if (basic->outcome == TEST_ANSWERED || basic->outcome == TEST_ERROR)
        rank_server(sweep, now_us);
    else if (!candidates_clean(&sweep->candidates, sweep->server, &sweep->qualification.other))
        server_give_up(sweep, SWEEP_END_NO_ANSWER, now_us);
    else if (!sweep->scout_answered)
        scouting_begin(sweep, now_us); /* the site may let out the PBX's ports only */
    else if (!sweep->blind)
        scouting_stand_in(sweep);
    else {
        qualification_announced(&sweep->qualification, &sweep->scouted_other);
        rank_server(sweep, now_us);
    }
}
