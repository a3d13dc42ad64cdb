#include "sweep/probing.h"

#include "sweep/doubt.h"
#include "sweep/field.h"
#include "sweep/filtering.h"

/* The stand-in is the control's endpoint, the subject's and the guest's. */
static bool is_shared(const struct sweep *sweep, enum role role)
{
    return (role == ROLE_SUBJECT || role == ROLE_GUEST) && sweep->qualification.stand_in != STAND_IN_NONE;
}

void probing_close(struct sweep *sweep, enum role role)
{
    uint32_t *endpoint = &sweep->qualification.endpoints[role];
    if (*endpoint != 0 && !is_shared(sweep, role))
        sweep->closing[sweep->closing_count++] = *endpoint;
    *endpoint = 0;
    courier_forget_identity(sweep->courier, role);
}

void probing_close_all(struct sweep *sweep)
{
    for (enum role role = 0; role < ROLE_COUNT; role++)
        probing_close(sweep, role);
}

static uint32_t new_endpoint(struct sweep *sweep, enum role role)
{
    uint16_t port;
    if (role != ROLE_CONTROL || sweep->qualification.stand_in == STAND_IN_NONE)
        return SWEEP_EPHEMERAL + sweep->endpoints++;
    roster_range(sweep->roster, sweep->stand_in, &port);
    return port;
}

/* Whether `action` opens it; the subject may be open already. */
static bool open_role(struct sweep *sweep, enum role role, struct sweep_action *action)
{
    struct qualification *qualification = &sweep->qualification;
    if (is_shared(sweep, role)) {
        qualification->endpoints[role] = qualification->endpoints[ROLE_CONTROL];
        qualification->locals[role] = qualification->locals[ROLE_CONTROL];
        return false;
    }
    sweep->opening = role;
    action->kind = SWEEP_OPEN;
    action->endpoint = qualification->endpoints[role] = new_endpoint(sweep, role);
    return true;
}

/* A full table would have had no room for it; and a server may be tired of the control's port only. */
static void prove_by_fresh_port(struct sweep *sweep, const struct answer *answer)
{
    if (sweep->blind)
        return;
    suspects_prove_first(sweep->suspects, answer->began_us, doubt_gap_us(sweep));
    if (answer->asked_us > sweep->first_proven_us)
        sweep->first_proven_us = answer->asked_us;
}

void probing_answered(struct sweep *sweep, enum probe probe, const struct answer *answer, uint64_t now_us)
{
    bool answered = answer->outcome == TEST_ANSWERED;
    qualification_answered(&sweep->qualification, probe, answer);
    if (probe == PROBE_FILTER_BOTH || probe == PROBE_FILTER_PORT)
        filtering_answered(sweep, probe, answer, now_us);
    if (probe == PROBE_BASIC && answered) {
        sweep->first_proven_us = answer->asked_us;
    } else if (probe == PROBE_CONSENT) {
        sweep->consent_us = now_us + (answered ? CONSENT_INTERVAL_US : CONSENT_RETRY_US);
        if (sweep->pings > 0 && answered)
            sweep->consent_us = now_us;
        sweep->pings -= sweep->pings > 0;
        if (answered)
            sweep->first_proven_us = answer->asked_us;
    } else if (probe == PROBE_MAP_PRIMARY && answered) {
        prove_by_fresh_port(sweep, answer);
    }
}

static bool consent_wanted(const struct sweep *sweep, uint64_t now_us)
{
    bool final_proof = field_all_out(sweep) && suspects_count(sweep->suspects) > 0 &&
                       sweep->first_proven_us < sweep->last_finished_us &&
                       sweep->consent_us > now_us + CONSENT_RETRY_US;
    return sweep->qualification.records[PROBE_CONSENT].state == PROBE_ENDED &&
           qualification_answers(&sweep->qualification) && (final_proof || now_us >= sweep->consent_us);
}

void probing_renew_consent(struct sweep *sweep, uint64_t now_us)
{
    if (sweep->stage != STAGE_SCOUTING && consent_wanted(sweep, now_us))
        sweep->qualification.records[PROBE_CONSENT].state = PROBE_WAITING;
}

bool probing_ask(struct sweep *sweep, struct sweep_action *action)
{
    if (sweep->stage == STAGE_SCOUTING)
        return false;
    while (sweep->asking != PROBE_COUNT || qualification_next(&sweep->qualification, &sweep->asking)) {
        enum role sender, listener;
        qualification_roles(sweep->asking, &sender, &listener);
        enum role missing = sweep->qualification.endpoints[sender] == 0 ? sender : listener;
        if (sweep->qualification.endpoints[missing] == 0) {
            if (open_role(sweep, missing, action))
                return true;
            continue;
        }
        struct request request;
        qualification_request(&sweep->qualification, sweep->asking, &request);
        courier_ask(sweep->courier, sweep->asking, &request);
        sweep->asking = PROBE_COUNT;
    }
    return false;
}

void probing_opened(struct sweep *sweep, const struct address *local)
{
    if (sweep->opening != NO_ROLE)
        sweep->qualification.locals[sweep->opening] = *local;
    sweep->opening = NO_ROLE;
}

void probing_not_opened(struct sweep *sweep, uint64_t now_us)
{
    struct answer answer = {.outcome = TEST_LOCAL_ERROR, .rtt_us = RTT_UNKNOWN_US};
    if (sweep->opening == NO_ROLE)
        return;
    sweep->qualification.endpoints[sweep->opening] = 0;
    sweep->opening = NO_ROLE;
    probing_answered(sweep, sweep->asking, &answer, now_us);
    sweep->asking = PROBE_COUNT;
}
