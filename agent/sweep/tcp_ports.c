#include "sweep/tcp_ports.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#define DYNAMIC_FIRST 49152u /* RFC 6335 section 6: no service is assigned one of these */
#define DYNAMIC_PORTS 16384u

int tcp_ports_init(struct tcp_ports *ports, const struct plan *plan, struct report *report)
{
    uint32_t first = 0, count = (uint32_t)report->port_count;
    while (first < count && report->ports[first].transport != TRANSPORT_TCP)
        first++;
    *ports = (struct tcp_ports){.report = report, .first = first, .count = count - first};
    ports->order = order_make(ports->count, plan->seed);
    ports->retry = calloc(ports->count + 1u, sizeof *ports->retry);
    if (ports->retry == NULL)
        return -ENOMEM;
    for (uint32_t i = first; i < count; i++) {
        report->ports[i].verdict = VERDICT_NOT_TESTED;
        report->ports[i].reason = REASON_NEVER_REACHED;
        report->ports[i].live = plan->live;
    }
    return 0;
}

void tcp_ports_free(struct tcp_ports *ports)
{
    free(ports->retry);
    ports->retry = NULL;
}

struct port_result *tcp_ports_at(const struct tcp_ports *ports, uint32_t index)
{
    return &ports->report->ports[index];
}

uint32_t tcp_ports_take(struct tcp_ports *ports)
{
    if (ports->retry_count > 0)
        return ports->retry[--ports->retry_count];
    return ports->taken < ports->count ? ports->first + order_at(&ports->order, ports->taken++) : TCP_PORTS_NONE;
}

void tcp_ports_put_back(struct tcp_ports *ports, uint32_t index)
{
    ports->retry[ports->retry_count++] = index;
}

uint32_t tcp_ports_left(const struct tcp_ports *ports)
{
    return ports->retry_count + ports->count - ports->taken;
}

/* What a connection from the internet proves, whichever way it ended. */
static enum tri inbound_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS: return TRI_YES;
    case VERDICT_CLOSED:
    case VERDICT_REFUSED:
    case VERDICT_WRONG_HOST: return TRI_NO;
    default: return TRI_UNKNOWN;
    }
}

void tcp_ports_judge_anew(struct tcp_ports *ports, uint32_t index, enum verdict verdict, enum reason reason)
{
    struct port_result *result = tcp_ports_at(ports, index);
    bool tried = verdict != VERDICT_IN_USE && reason != REASON_LOCAL_ERROR;
    result->verdict = (uint8_t)verdict;
    result->reason = (uint8_t)reason;
    result->reached = tried ? TRI_YES : TRI_UNKNOWN;
    result->inbound = result->unsolicited = (uint8_t)inbound_of(verdict);
}

void tcp_ports_judge(struct tcp_ports *ports, uint32_t index, enum verdict verdict, enum reason reason)
{
    tcp_ports_judge_anew(ports, index, verdict, reason);
    ports->done++;
}

void tcp_ports_judge_rest(struct tcp_ports *ports, enum verdict verdict, enum reason reason, enum tri reached)
{
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++) {
        struct port_result *result = tcp_ports_at(ports, i);
        if (result->verdict == VERDICT_NOT_TESTED) {
            result->verdict = (uint8_t)verdict;
            result->reason = (uint8_t)reason;
            result->reached = (uint8_t)reached;
        }
    }
    ports->done = ports->count;
}

/* --- what became of them --- */

static bool passed(const struct port_result *result)
{
    return result->verdict == VERDICT_PASS;
}

static bool failed(const struct port_result *result)
{
    return result->verdict == VERDICT_CLOSED || result->verdict == VERDICT_REFUSED;
}

static bool was_silent(const struct port_result *result)
{
    return result->verdict == VERDICT_CLOSED && result->reason == REASON_TIMEOUT;
}

static bool reached_another(const struct port_result *result)
{
    return result->verdict == VERDICT_WRONG_HOST;
}

static bool not_here(const struct port_result *result)
{
    return failed(result) || reached_another(result);
}

static bool turned_away(const struct port_result *result)
{
    return not_here(result) && !was_silent(result);
}

static bool answered(const struct port_result *result)
{
    return passed(result) || turned_away(result);
}

typedef bool (*kind)(const struct port_result *result);

static bool some_are(const struct tcp_ports *ports, kind is)
{
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++)
        if (is(tcp_ports_at(ports, i)))
            return true;
    return false;
}

bool tcp_ports_some_failed(const struct tcp_ports *ports)
{
    return some_are(ports, not_here);
}

bool tcp_ports_some_elsewhere(const struct tcp_ports *ports)
{
    return some_are(ports, reached_another);
}

bool tcp_ports_some_passed(const struct tcp_ports *ports)
{
    return some_are(ports, passed);
}

static const struct port_result *find(const struct tcp_ports *ports, uint16_t port)
{
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++)
        if (tcp_ports_at(ports, i)->port == port)
            return tcp_ports_at(ports, i);
    return NULL;
}

uint16_t tcp_ports_unused(const struct tcp_ports *ports, uint64_t seed)
{
    for (uint32_t i = 0; i < DYNAMIC_PORTS; i++) {
        uint16_t port = (uint16_t)(DYNAMIC_FIRST + (seed + i) % DYNAMIC_PORTS);
        if (!find(ports, port))
            return port;
    }
    return 0;
}

bool tcp_ports_tried(const struct tcp_ports *ports, uint16_t port)
{
    const struct port_result *result = find(ports, port);
    return result && result->attempts > 0;
}

static void doubt_one(struct port_result *result, enum reason reason)
{
    result->verdict = VERDICT_INCONCLUSIVE;
    result->reason = (uint8_t)reason;
    result->inbound = result->unsolicited = TRI_UNKNOWN;
}

static void doubt(struct tcp_ports *ports, kind is, enum reason reason)
{
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++)
        if (is(tcp_ports_at(ports, i)))
            doubt_one(tcp_ports_at(ports, i), reason);
}

bool tcp_ports_doubt_failure(struct tcp_ports *ports, uint16_t port, enum reason reason)
{
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++) {
        struct port_result *result = tcp_ports_at(ports, i);
        if (result->port != port || !not_here(result))
            continue;
        doubt_one(result, reason);
        return true;
    }
    return false;
}

void tcp_ports_doubt_failures(struct tcp_ports *ports, enum reason reason)
{
    doubt(ports, failed, reason);
}

void tcp_ports_doubt_all_failures(struct tcp_ports *ports, enum reason reason)
{
    doubt(ports, not_here, reason);
}

void tcp_ports_doubt_silence(struct tcp_ports *ports, enum reason reason)
{
    doubt(ports, was_silent, reason);
}

void tcp_ports_doubt_passes(struct tcp_ports *ports, enum reason reason)
{
    doubt(ports, passed, reason);
}

/* --- once more --- */

bool tcp_ports_put_back_silent(struct tcp_ports *ports)
{
    uint32_t before = ports->retry_count;
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++) {
        struct port_result *result = tcp_ports_at(ports, i);
        if (!was_silent(result))
            continue;
        tcp_ports_judge_anew(ports, i, VERDICT_NOT_TESTED, REASON_NEVER_REACHED);
        ports->done--;
        tcp_ports_put_back(ports, i);
    }
    return ports->retry_count > before;
}

/* In the order of their ports, a neighbour that is not here stands next to the passed one or farther off. */
void tcp_ports_put_back_nearest(struct tcp_ports *ports)
{
    uint32_t best = TCP_PORTS_NONE, last_passed = TCP_PORTS_NONE, last_failed = TCP_PORTS_NONE;
    int distance = INT32_MAX;
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++) {
        const struct port_result *result = tcp_ports_at(ports, i);
        if (passed(result))
            last_passed = i;
        else if (not_here(result))
            last_failed = i;
        if (last_passed == TCP_PORTS_NONE)
            continue;
        if (best == TCP_PORTS_NONE)
            best = last_passed;
        if (last_failed == TCP_PORTS_NONE || (last_passed != i && last_failed != i))
            continue;
        int gap = abs(tcp_ports_at(ports, last_passed)->port - tcp_ports_at(ports, last_failed)->port);
        if (gap < distance) {
            distance = gap;
            best = last_passed;
        }
    }
    if (best != TCP_PORTS_NONE)
        tcp_ports_put_back(ports, best);
}

static bool put_back(struct tcp_ports *ports, kind is, uint32_t but)
{
    uint32_t before = ports->retry_count;
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++)
        if (i != but && is(tcp_ports_at(ports, i)))
            tcp_ports_put_back(ports, i);
    return ports->retry_count > before;
}

bool tcp_ports_put_back_turned_away(struct tcp_ports *ports)
{
    return put_back(ports, turned_away, TCP_PORTS_NONE);
}

void tcp_ports_put_back_answered(struct tcp_ports *ports, uint32_t index)
{
    put_back(ports, answered, index);
}
