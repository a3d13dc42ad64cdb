#include "sweep/qualification.h"

#include "stun/attribute.h"

#include <string.h>

#define BASIC_SENDS 5  /* with three ports' Test 1 still below CONSENT_PACKETS_MAX */
#define MAPPED_SENDS 9 /* its silence convicts the server, whatever the loss */

enum place { PLACE_PRIMARY, PLACE_OTHER_IP, PLACE_OTHER, PLACE_OTHER_PORT }; /* A1:P1, A2:P1, A2:P2, A1:P2 */

#define BIT(probe) (1u << (probe))
#define NO_PROBE PROBE_COUNT

struct row {
    enum role sender, listener;
    enum place to, source;
    uint32_t change;
    enum probe response_port; /* the mapped port of this probe; PROBE_NAKED: the listener's own port */
    uint32_t needs;           /* probes that must have been answered */
    uint32_t after;           /* probes that must have ended */
    bool in_round;            /* asked again in each round */
};

static const struct row rows[PROBE_COUNT] = {
    [PROBE_BASIC] = {.response_port = NO_PROBE},
    [PROBE_CONSENT] = {.response_port = NO_PROBE, .needs = BIT(PROBE_BASIC)},
    [PROBE_MAP_PRIMARY] = {ROLE_SUBJECT, ROLE_SUBJECT, PLACE_PRIMARY, PLACE_PRIMARY, 0, NO_PROBE, BIT(PROBE_BASIC), 0,
                           true},
    [PROBE_MAP_OTHER_IP] = {ROLE_SUBJECT, ROLE_SUBJECT, PLACE_OTHER_IP, PLACE_OTHER_IP, 0, NO_PROBE, BIT(PROBE_BASIC),
                            0, true},
    [PROBE_MAP_OTHER] = {ROLE_SUBJECT, ROLE_SUBJECT, PLACE_OTHER, PLACE_OTHER, 0, NO_PROBE, BIT(PROBE_BASIC), 0, true},
    [PROBE_CHANGE_BOTH] = {ROLE_SUBJECT, ROLE_SUBJECT, PLACE_PRIMARY, PLACE_OTHER, STUN_CHANGE_IP | STUN_CHANGE_PORT,
                           NO_PROBE, BIT(PROBE_MAP_PRIMARY), BIT(PROBE_MAP_OTHER), true},
    [PROBE_CHANGE_BOTH_SENT] = {ROLE_CONTROL, ROLE_SUBJECT, PLACE_PRIMARY, PLACE_OTHER,
                                STUN_CHANGE_IP | STUN_CHANGE_PORT, PROBE_MAP_OTHER, BIT(PROBE_MAP_OTHER), 0, true},
    [PROBE_CHANGE_IP_SENT] = {ROLE_CONTROL, ROLE_SUBJECT, PLACE_PRIMARY, PLACE_OTHER_IP, STUN_CHANGE_IP,
                              PROBE_MAP_OTHER_IP, BIT(PROBE_MAP_OTHER_IP), 0, true},
    [PROBE_FILTER_BASIC] = {ROLE_FILTER, ROLE_FILTER, PLACE_PRIMARY, PLACE_PRIMARY, 0, NO_PROBE, BIT(PROBE_BASIC), 0,
                            false},
    [PROBE_FILTER_BOTH] = {ROLE_FILTER, ROLE_FILTER, PLACE_PRIMARY, PLACE_OTHER, STUN_CHANGE_IP | STUN_CHANGE_PORT,
                           NO_PROBE, BIT(PROBE_FILTER_BASIC), 0, false},
    [PROBE_FILTER_PORT] = {ROLE_FILTER, ROLE_FILTER, PLACE_PRIMARY, PLACE_OTHER_PORT, STUN_CHANGE_PORT, NO_PROBE,
                           BIT(PROBE_FILTER_BASIC), 0, false},
    [PROBE_GUEST] = {ROLE_GUEST, ROLE_GUEST, PLACE_OTHER_IP, PLACE_OTHER_IP, 0, NO_PROBE, BIT(PROBE_FILTER_PORT), 0,
                     false},
    [PROBE_GUEST_PORT] = {ROLE_GUEST, ROLE_GUEST, PLACE_OTHER_IP, PLACE_OTHER, STUN_CHANGE_PORT, NO_PROBE,
                          BIT(PROBE_GUEST), 0, false},
    [PROBE_PORT] = {ROLE_GUEST, ROLE_GUEST, PLACE_OTHER_PORT, PLACE_OTHER_PORT, 0, NO_PROBE, BIT(PROBE_BASIC), 0,
                    false},
    [PROBE_PORT_ASKED] = {ROLE_GUEST, ROLE_GUEST, PLACE_PRIMARY, PLACE_OTHER_PORT, STUN_CHANGE_PORT, NO_PROBE,
                          BIT(PROBE_PORT), 0, false},
    [PROBE_NAKED] = {ROLE_CONTROL, ROLE_NAKED, PLACE_PRIMARY, PLACE_OTHER_IP, STUN_CHANGE_IP, PROBE_NAKED,
                     BIT(PROBE_BASIC), BIT(PROBE_CHANGE_IP_SENT), false},
    [PROBE_MAPPED] = {ROLE_CONTROL, ROLE_CONTROL, PLACE_PRIMARY, PLACE_PRIMARY, 0, PROBE_BASIC, BIT(PROBE_BASIC), 0,
                      false},
};

static bool of_filter(enum probe probe)
{
    return rows[probe].sender == ROLE_FILTER || probe == PROBE_GUEST || probe == PROBE_GUEST_PORT;
}

void qualification_begin(struct qualification *qualification, const struct address *server)
{
    memset(qualification, 0, sizeof(*qualification));
    qualification->server = *server;
    qualification->held = BIT(PROBE_FILTER_PORT) | BIT(PROBE_PORT);
}

void qualification_release(struct qualification *qualification, enum probe probe)
{
    qualification->held &= ~BIT(probe);
}

bool qualification_holds(const struct qualification *qualification, enum probe probe)
{
    return (qualification->held & BIT(probe)) != 0;
}

void qualification_repeat(struct qualification *qualification)
{
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
        if (rows[probe].in_round)
            qualification->records[probe] = (struct probe_record){0};
    qualification->round_proven = false;
}

void qualification_repeat_filter(struct qualification *qualification)
{
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
        if (of_filter(probe))
            qualification->records[probe] = (struct probe_record){0};
}

/* --- which probe is next --- */

static bool ended(const struct qualification *qualification, uint32_t probes)
{
    for (unsigned i = 0; i < PROBE_COUNT; i++)
        if ((probes & BIT(i)) != 0 && qualification->records[i].state != PROBE_ENDED)
            return false;
    return true;
}

static bool answered(const struct qualification *qualification, uint32_t probes)
{
    for (unsigned i = 0; i < PROBE_COUNT; i++)
        if ((probes & BIT(i)) != 0 && qualification->records[i].outcome != TEST_ANSWERED)
            return false;
    return true;
}

static bool behind_nat(const struct qualification *qualification)
{
    return !address_equal(&qualification->records[PROBE_BASIC].mapped, &qualification->locals[ROLE_CONTROL]);
}

static bool translated(const struct qualification *qualification)
{
    return qualification->records[PROBE_BASIC].mapped.port != qualification->locals[ROLE_CONTROL].port;
}

static bool pointless(const struct qualification *qualification, enum probe probe)
{
    const struct row *row = &rows[probe];
    bool needs_second = row->to != PLACE_PRIMARY || row->source != PLACE_PRIMARY;
    if (needs_second && (!address_known(&qualification->other) || qualification->second == TRI_NO))
        return true;
    if (row->response_port != NO_PROBE && qualification->response_port == TRI_NO)
        return true;
    if (of_filter(probe) && qualification->stand_in != STAND_IN_NONE)
        return true;
    if (probe == PROBE_GUEST && qualification->lets_in_second)
        return true;
    if (probe == PROBE_MAPPED)
        return !translated(qualification);
    return probe == PROBE_NAKED && (behind_nat(qualification) || qualification->response_port != TRI_YES);
}

bool qualification_next(struct qualification *qualification, enum probe *probe)
{
    for (*probe = 0; *probe < PROBE_COUNT; (*probe)++) {
        struct probe_record *record = &qualification->records[*probe];
        bool early = rows[*probe].in_round && qualification->stand_in == STAND_IN_UNTESTED;
        if (record->state != PROBE_WAITING || qualification_holds(qualification, *probe) ||
            !ended(qualification, rows[*probe].needs | rows[*probe].after) ||
            (early && qualification_answers(qualification)))
            continue;
        if (answered(qualification, rows[*probe].needs) && !pointless(qualification, *probe)) {
            record->state = PROBE_ASKED;
            return true;
        }
        record->state = PROBE_ENDED; /* its outcome stays TEST_NOT_MADE */
        *probe = 0;                  /* others may have waited for it */
    }
    return false;
}

/* --- asking --- */

void qualification_roles(enum probe probe, enum role *sender, enum role *listener)
{
    *sender = rows[probe].sender;
    *listener = rows[probe].listener;
}

static struct address address_of(const struct qualification *qualification, enum place place)
{
    struct address address = qualification->server;
    if (place == PLACE_OTHER || place == PLACE_OTHER_IP)
        address = qualification->other;
    if (place == PLACE_OTHER_PORT)
        address.port = qualification->other.port;
    else if (place == PLACE_OTHER_IP)
        address.port = qualification->server.port;
    return address;
}

/* Whose nonce: the control's is also that of Test 3; what the subject asks at each address has one of its own. */
static uint32_t identity_of(const struct row *row)
{
    return row->to == PLACE_PRIMARY ? row->sender : ROLE_COUNT + (uint32_t)row->to;
}

struct address qualification_other_primary(const struct qualification *qualification)
{
    return address_of(qualification, PLACE_OTHER_IP);
}

void qualification_request(const struct qualification *qualification, enum probe probe, struct request *request)
{
    const struct row *row = &rows[probe];
    *request = (struct request){.endpoint = qualification->endpoints[row->sender],
                                .listener = qualification->endpoints[row->listener],
                                .identity = identity_of(row),
                                .to = address_of(qualification, row->to),
                                .source = address_of(qualification, row->source),
                                .change = row->change,
                                .urgent = true};
    if (row->response_port == PROBE_NAKED)
        request->response_port = qualification->locals[ROLE_NAKED].port;
    else if (row->response_port != NO_PROBE)
        request->response_port = qualification->records[row->response_port].mapped.port;
    if (probe == PROBE_BASIC)
        request->sends_max = BASIC_SENDS;
    if (probe == PROBE_MAPPED)
        request->sends_max = MAPPED_SENDS;
    request->witness = probe == PROBE_CONSENT;
    request->probes = row->to != PLACE_PRIMARY;
}

/* --- answers --- */

static bool is_nobody(const struct address *address)
{
    static const uint8_t nobody[sizeof(address->ip)];
    return memcmp(address->ip, nobody, sizeof(nobody)) == 0;
}

void qualification_announced(struct qualification *qualification, const struct address *other)
{
    const struct address *server = &qualification->server;
    if (address_known(&qualification->other))
        return;
    if (!address_known(other) || other->family != server->family || other->port == 0 || is_nobody(other))
        qualification->fault = SECOND_NOT_ANNOUNCED;
    else if (address_same_ip(other, server))
        qualification->fault = SECOND_SAME_IP;
    else if (address_is_private(other) && !address_is_private(server))
        qualification->fault = SECOND_PRIVATE;
    else
        qualification->fault = SECOND_FINE;
    qualification->second = qualification->fault == SECOND_FINE ? TRI_UNKNOWN : TRI_NO;
    qualification->announced = *other;
    if (qualification->fault != SECOND_FINE)
        return;
    qualification->other = *other;
    if (other->port == server->port) /* T2 would come from where T3's unanswered packet left its mark in the router */
        qualification->response_port = TRI_NO;
}

static void disprove_second(struct qualification *qualification, enum second_fault fault)
{
    if (qualification->second != TRI_UNKNOWN)
        return;
    qualification->second = TRI_NO;
    qualification->fault = fault;
}

static bool refuses(uint16_t error_code)
{
    return error_code == 400 || error_code == 420;
}

void qualification_learn_t2(struct qualification *qualification, enum test_outcome outcome, uint16_t error_code)
{
    if (outcome == TEST_ANSWERED) {
        qualification->second = TRI_YES;
        qualification->fault = SECOND_FINE;
        qualification->second_heard = true;
    } else if (outcome == TEST_WRONG_SOURCE) {
        disprove_second(qualification, SECOND_IGNORED);
    } else if (outcome == TEST_ERROR && refuses(error_code)) {
        disprove_second(qualification, SECOND_REFUSED);
    }
}

void qualification_learn_t3(struct qualification *qualification, enum test_outcome outcome)
{
    if (outcome == TEST_ANSWERED) {
        qualification->response_port = TRI_YES;
        qualification->second_heard = true;
    } else if ((outcome == TEST_ERROR || outcome == TEST_WRONG_PORT) && qualification->response_port == TRI_UNKNOWN) {
        qualification->response_port = TRI_NO;
    } else if (outcome == TEST_WRONG_SOURCE) {
        disprove_second(qualification, SECOND_IGNORED);
    }
}

static void learn(struct qualification *qualification, enum probe probe, const struct answer *answer)
{
    bool good = answer->outcome == TEST_ANSWERED;
    switch (probe) {
    case PROBE_BASIC:
        if (good)
            qualification_announced(qualification, &answer->other);
        break;
    case PROBE_MAP_OTHER_IP:
    case PROBE_MAP_OTHER:
    case PROBE_GUEST: qualification->second_heard = qualification->second_heard || good; break;
    case PROBE_FILTER_PORT: qualification->lets_in_port = qualification->lets_in_port || good; break;
    case PROBE_GUEST_PORT:
        qualification->guest_refused = qualification->guest_refused || answer->outcome == TEST_SILENT;
        break;
    case PROBE_FILTER_BOTH: qualification->lets_in_second = qualification->lets_in_second || good; /* fall through */
    case PROBE_CHANGE_BOTH: qualification_learn_t2(qualification, answer->outcome, answer->error_code); break;
    case PROBE_CHANGE_BOTH_SENT: /* an error may be about either attribute */
        if (good)
            qualification_learn_t2(qualification, TEST_ANSWERED, 0);
        break;
    case PROBE_CHANGE_IP_SENT:
    case PROBE_NAKED:
        if (probe != PROBE_NAKED || good)
            qualification_learn_t3(qualification, answer->outcome);
        break;
    case PROBE_CONSENT:
    case PROBE_MAP_PRIMARY:
    case PROBE_FILTER_BASIC:
    case PROBE_PORT:
    case PROBE_PORT_ASKED:
    case PROBE_MAPPED:
    case PROBE_COUNT: break;
    }
}

void qualification_answered(struct qualification *qualification, enum probe probe, const struct answer *answer)
{
    qualification->records[probe] =
        (struct probe_record){.state = PROBE_ENDED,
                              .outcome = answer->outcome,
                              .error_code = answer->error_code,
                              .reason = (uint8_t)answer->reason,
                              .at_once = answer->outcome == TEST_ANSWERED && answer->asked_us == answer->began_us,
                              .mapped = answer->mapped};
    if (answer->rewritten > qualification->rewritten)
        qualification->rewritten = answer->rewritten;
    bool proof = probe == PROBE_CHANGE_BOTH || probe == PROBE_CHANGE_BOTH_SENT;
    if (proof && answer->outcome == TEST_ANSWERED)
        qualification->round_proven = true;
    learn(qualification, probe, answer);
}

/* --- where it stands --- */

bool qualification_answers(const struct qualification *qualification)
{
    return qualification->records[PROBE_BASIC].outcome == TEST_ANSWERED;
}

bool qualification_mapping_false(const struct qualification *qualification)
{
    return qualification->records[PROBE_MAPPED].outcome == TEST_SILENT;
}

bool qualification_round_over(const struct qualification *qualification)
{
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
        if (rows[probe].in_round && qualification->records[probe].state != PROBE_ENDED)
            return false;
    return qualification->records[PROBE_MAPPED].state == PROBE_ENDED;
}

/* It is held, or one that it needs. */
static bool waits(const struct qualification *qualification, enum probe probe)
{
    uint32_t held = qualification->held;
    for (enum probe other = 0; other < probe; other++)
        held |= (rows[other].needs & held) != 0 ? BIT(other) : 0;
    return (held & (BIT(probe) | rows[probe].needs)) != 0;
}

bool qualification_over(const struct qualification *qualification)
{
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
        if (probe != PROBE_CONSENT && qualification->records[probe].state != PROBE_ENDED &&
            !waits(qualification, probe))
            return false;
    return true;
}
