#include "sweep/verdict.h"

#include "sweep/behaviour.h"

/* What the rows below look at. */
struct evidence {
    const struct observation *seen;
    const struct circumstances *around;
    enum tri unsolicited; /* a static forward is shown, or shown to be missing */
    bool mapping_alive;   /* T3 was answered, but a mapping of the port's own may have let it in */
};

typedef bool (*condition)(const struct evidence *evidence);

static bool is(uint8_t test, enum test_outcome outcome)
{
    return test == (uint8_t)outcome;
}

static bool port_held(const struct evidence *evidence)
{
    return evidence->seen->in_use;
}

static bool local_error(const struct evidence *evidence)
{
    return is(evidence->seen->t1, TEST_LOCAL_ERROR) || is(evidence->seen->t2, TEST_LOCAL_ERROR);
}

static bool t1_not_made(const struct evidence *evidence)
{
    return is(evidence->seen->t1, TEST_NOT_MADE);
}

static bool t1_not_made_in_doubt(const struct evidence *evidence)
{
    return t1_not_made(evidence) && evidence->seen->doubted;
}

static bool t1_failed(const struct evidence *evidence)
{
    return is(evidence->seen->t1, TEST_SILENT) || is(evidence->seen->t1, TEST_REFUSED);
}

static bool t1_failed_in_doubt(const struct evidence *evidence)
{
    return t1_failed(evidence) && evidence->seen->doubted;
}

static bool t1_lost(const struct evidence *evidence)
{
    return is(evidence->seen->t1, TEST_SILENT) &&
           (evidence->around->loss_too_high || evidence->seen->sends_t1 < evidence->around->sends_needed);
}

/* The server took our credentials before, from other ports: what it has against this port is between it and us. 441 is
 * coturn's answer to a port that used another user name a minute ago. */
static bool t1_unauthorized(const struct evidence *evidence)
{
    uint16_t code = is(evidence->seen->t1, TEST_ERROR) ? evidence->seen->error_code : 0;
    return code == 401 || code == 438 || code == 441;
}

static bool t1_unreadable(const struct evidence *evidence)
{
    return is(evidence->seen->t1, TEST_MALFORMED) || is(evidence->seen->t1, TEST_ERROR);
}

static bool translated(const struct evidence *evidence)
{
    return evidence->seen->mapped.port != evidence->seen->port;
}

/* The server tells a mapped port at which its own answers do not arrive. */
static bool translated_by_hearsay(const struct evidence *evidence)
{
    return evidence->around->mapping_false && translated(evidence);
}

static bool second_missing(const struct evidence *evidence)
{
    return evidence->around->second == TRI_NO || is(evidence->seen->t2, TEST_WRONG_SOURCE);
}

static bool t2_answered(const struct evidence *evidence)
{
    return is(evidence->seen->t2, TEST_ANSWERED);
}

/* Silence says nothing while the server has not shown that it honours CHANGE-REQUEST; an error of the server's neither.
 */
static bool t2_unproven(const struct evidence *evidence)
{
    if (t2_answered(evidence))
        return false;
    return evidence->around->second != TRI_YES || !is(evidence->seen->t2, TEST_SILENT);
}

/* Something was let in, but the router has hidden whom it took it for. */
static bool source_rewritten(const struct evidence *evidence)
{
    return is(evidence->seen->t2, TEST_REWRITTEN) || (is(evidence->seen->t3, TEST_REWRITTEN) && !t2_answered(evidence));
}

/* The same, but it was not this router. */
static bool answered_elsewhere(const struct evidence *evidence)
{
    return is(evidence->seen->t2, TEST_ELSEWHERE) || (is(evidence->seen->t3, TEST_ELSEWHERE) && !t2_answered(evidence));
}

/* As source_rewritten, where Test 2 came in as it was sent. */
static bool t3_rewritten(const struct evidence *evidence)
{
    return is(evidence->seen->t3, TEST_REWRITTEN);
}

static bool t2_failed_in_doubt(const struct evidence *evidence)
{
    return !t2_answered(evidence) && evidence->seen->doubted;
}

static bool t2_lost(const struct evidence *evidence)
{
    return !t2_answered(evidence) &&
           (evidence->around->loss_too_high || evidence->seen->sends_t2 < evidence->around->sends_needed);
}

/* A forward let in Test 3: what swallowed Test 2 is no missing one. */
static bool t2_failed_behind_a_forward(const struct evidence *evidence)
{
    return !t2_answered(evidence) && (evidence->unsolicited == TRI_YES || evidence->mapping_alive);
}

static bool t2_failed(const struct evidence *evidence)
{
    return !t2_answered(evidence);
}

static bool hole_left_by_a_probe(const struct evidence *evidence)
{
    return evidence->seen->probed && !evidence->around->unfiltered;
}

static bool only_a_rule_lets_in(const struct evidence *evidence)
{
    return behaviour_depends_on_address(evidence->around->filtering);
}

static bool t3_lost(const struct evidence *evidence)
{
    return evidence->unsolicited == TRI_NO &&
           (evidence->around->loss_too_high || evidence->seen->sends_t3 < evidence->around->sends_needed);
}

static bool t3_failed(const struct evidence *evidence)
{
    return evidence->unsolicited == TRI_NO;
}

/* Nothing that the port itself sends lets anybody in. */
static bool no_mapping_lets_in(const struct evidence *evidence)
{
    return only_a_rule_lets_in(evidence) || evidence->around->unfiltered;
}

/* What lets in Test 2 without a mapping lets in Test 3, too: either it was swallowed, or there is no rule and the NAT's
 * filter was measured wrong. */
static bool t3_failed_without_a_mapping(const struct evidence *evidence)
{
    return no_mapping_lets_in(evidence) && t3_failed(evidence) && !t3_lost(evidence);
}

static bool t3_failed_in_doubt(const struct evidence *evidence)
{
    return evidence->unsolicited == TRI_NO && evidence->seen->doubted;
}

static bool t3_passed(const struct evidence *evidence)
{
    return evidence->unsolicited == TRI_YES;
}

static bool mapping_alive(const struct evidence *evidence)
{
    return evidence->mapping_alive;
}

/* The filter that would have told could not be measured. */
static bool mapping_alive_behind_a_guard(const struct evidence *evidence)
{
    return evidence->mapping_alive && evidence->around->guarded && evidence->around->filtering == BEHAVIOUR_UNKNOWN;
}

/* The server makes Test 3, and is not heard even where Test 2 came in: who guards against strangers swallowed it. */
static bool t3_swallowed_by_a_guard(const struct evidence *evidence)
{
    const struct circumstances *around = evidence->around;
    return around->guarded && around->response_port == TRI_YES && is(evidence->seen->t3, TEST_SILENT);
}

/* Test 2 came in, be it by a forward or by the mapping that Test 1 had made. */
static bool forward_or_mapping(const struct evidence *evidence)
{
    return evidence->around->blind;
}

static bool otherwise(const struct evidence *evidence)
{
    (void)evidence;
    return true;
}

enum { REASON_SEEN = 255 }; /* the row takes the observation's reason */

/* The first row that fits. The rows of a common cause come right before the verdict that they override. */
static const struct row {
    condition when;
    enum verdict verdict;
    uint8_t reason;
} rows[] = {
    {port_held, VERDICT_IN_USE, REASON_NONE},
    {local_error, VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR},
    {t1_not_made_in_doubt, VERDICT_INCONCLUSIVE, REASON_SEEN},
    {t1_not_made, VERDICT_NOT_TESTED, REASON_SEEN},
    {t1_failed_in_doubt, VERDICT_INCONCLUSIVE, REASON_SEEN},
    {t1_lost, VERDICT_INCONCLUSIVE, REASON_LOSS},
    {t1_failed, VERDICT_UNREACHABLE, REASON_SEEN},
    {t1_unauthorized, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT},
    {t1_unreadable, VERDICT_BAD_RESPONSE, REASON_NONE},
    {translated_by_hearsay, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT},
    {translated, VERDICT_TRANSLATED, REASON_NONE},
    {second_missing, VERDICT_NO_SECOND_ADDRESS, REASON_NONE},
    {source_rewritten, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE},
    {answered_elsewhere, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT},
    {t2_failed_in_doubt, VERDICT_INCONCLUSIVE, REASON_SEEN},
    {t2_unproven, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT},
    {t2_lost, VERDICT_INCONCLUSIVE, REASON_LOSS},
    {t2_failed_behind_a_forward, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION},
    {t2_failed, VERDICT_CLOSED, REASON_NONE},
    {hole_left_by_a_probe, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE},
    {t3_failed_without_a_mapping, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION},
    {only_a_rule_lets_in, VERDICT_PASS, REASON_NONE},
    {t3_failed_in_doubt, VERDICT_INCONCLUSIVE, REASON_SEEN},
    {t3_lost, VERDICT_INCONCLUSIVE, REASON_LOSS},
    {t3_failed, VERDICT_DYNAMIC, REASON_NONE},
    {t3_passed, VERDICT_PASS, REASON_NONE},
    {mapping_alive_behind_a_guard, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION},
    {mapping_alive, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE},
    {forward_or_mapping, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE},
    {t3_rewritten, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE},
    {t3_swallowed_by_a_guard, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION},
    {otherwise, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT}, /* without RESPONSE-PORT a forward cannot be shown */
};

static bool other_wan(const struct observation *seen, const struct circumstances *around)
{
    return address_known(&seen->mapped) && address_known(&around->public_address) &&
           !address_same_ip(&seen->mapped, &around->public_address);
}

/* Whether T3's answer can only have come through a rule: a mapping of the port's own would let in what the NAT's filter
 * lets in, which is nothing from a stranger when that filter depends on the address. */
static bool t3_proves(const struct evidence *evidence, bool silent)
{
    if (hole_left_by_a_probe(evidence))
        return false;
    return no_mapping_lets_in(evidence) || (silent && evidence->seen->tries_t3 == 0);
}

/* Where Test 2 came in, so must Test 3 from then on: a server that leaves it out has not made it before, either. */
static bool t3_made(const struct observation *seen)
{
    return !is(seen->t2, TEST_ANSWERED) || is(seen->echo, TEST_ANSWERED);
}

static void weigh_t3(struct evidence *evidence, bool silent)
{
    const struct observation *seen = evidence->seen;
    if (other_wan(seen, evidence->around))
        return; /* it went to another address than the port's */
    if (is(seen->t3, TEST_ANSWERED)) {
        evidence->mapping_alive = !t3_proves(evidence, silent);
        evidence->unsolicited = evidence->mapping_alive ? TRI_UNKNOWN : TRI_YES;
    } else if (is(seen->t3, TEST_SILENT) && evidence->around->response_port == TRI_YES && t3_made(seen)) {
        evidence->unsolicited = TRI_NO;
    }
}

static enum tri reached(uint8_t t1)
{
    switch ((enum test_outcome)t1) {
    case TEST_ANSWERED:
    case TEST_ERROR:
    case TEST_MALFORMED: return TRI_YES;
    case TEST_SILENT:
    case TEST_REFUSED: return TRI_NO;
    default: return TRI_UNKNOWN;
    }
}

static enum tri inbound(const struct evidence *evidence)
{
    if (t2_answered(evidence))
        return TRI_YES;
    bool believed = !t2_unproven(evidence) && !t2_failed_in_doubt(evidence) && !t2_lost(evidence);
    return is(evidence->seen->t2, TEST_SILENT) && believed ? TRI_NO : TRI_UNKNOWN;
}

/* A missing answer tells nothing where a common cause may have swallowed it, or where Test 2 has shown the rule. */
static enum tri unsolicited(const struct evidence *evidence)
{
    bool shown = t2_answered(evidence) && no_mapping_lets_in(evidence);
    bool told = !evidence->seen->doubted && !t3_lost(evidence) && !shown;
    return evidence->unsolicited == TRI_NO && !told ? TRI_UNKNOWN : evidence->unsolicited;
}

static uint8_t attempts(const struct observation *seen)
{
    int sends = seen->sends_t1 + seen->sends_t2 + seen->sends_t3;
    return sends > UINT8_MAX ? UINT8_MAX : (uint8_t)sends;
}

static uint8_t reason_seen(const struct observation *seen)
{
    bool silence = seen->reason == REASON_NONE && is(seen->t1, TEST_SILENT);
    return silence ? (uint8_t)REASON_TIMEOUT : seen->reason;
}

void verdict_judge(const struct observation *observation, const struct circumstances *circumstances, bool silent,
                   struct port_result *result)
{
    struct evidence evidence = {.seen = observation, .around = circumstances, .unsolicited = TRI_UNKNOWN};
    weigh_t3(&evidence, silent);
    const struct row *row = rows;
    while (!row->when(&evidence))
        row++;
    result->verdict = (uint8_t)row->verdict;
    result->reason = row->reason == REASON_SEEN ? reason_seen(observation) : row->reason;
    result->reached = (uint8_t)reached(observation->t1);
    result->preserved = TRI_UNKNOWN;
    if (address_known(&observation->mapped) && !circumstances->mapping_false)
        result->preserved = translated(&evidence) ? TRI_NO : TRI_YES;
    result->inbound = (uint8_t)inbound(&evidence);
    result->unsolicited = (uint8_t)unsolicited(&evidence);
    result->attempts = attempts(observation);
    result->rtt_us = observation->rtt_us;
    result->mapped = observation->mapped;
}

bool verdict_needs_proof(const struct observation *observation)
{
    if (is(observation->t1, TEST_SILENT) || is(observation->t1, TEST_REFUSED))
        return true;
    return is(observation->t1, TEST_ANSWERED) &&
           (is(observation->t2, TEST_SILENT) || is(observation->t2, TEST_REFUSED) || is(observation->t3, TEST_SILENT));
}
