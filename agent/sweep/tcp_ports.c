#include "sweep/tcp_ports.h"

#include <errno.h>
#include <stdlib.h>

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

void tcp_ports_judge(struct tcp_ports *ports, uint32_t index, enum verdict verdict, enum reason reason)
{
    struct port_result *result = tcp_ports_at(ports, index);
    bool tried = verdict != VERDICT_IN_USE && reason != REASON_LOCAL_ERROR;
    result->verdict = (uint8_t)verdict;
    result->reason = (uint8_t)reason;
    result->reached = tried ? TRI_YES : TRI_UNKNOWN;
    result->inbound = result->unsolicited = (uint8_t)inbound_of(verdict);
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

static bool failed(const struct port_result *result)
{
    return result->verdict == VERDICT_CLOSED || result->verdict == VERDICT_REFUSED;
}

void tcp_ports_doubt_failures(struct tcp_ports *ports, enum reason reason)
{
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++) {
        struct port_result *result = tcp_ports_at(ports, i);
        if (failed(result)) {
            result->verdict = VERDICT_INCONCLUSIVE;
            result->reason = (uint8_t)reason;
            result->inbound = result->unsolicited = TRI_UNKNOWN;
        }
    }
}

bool tcp_ports_some_failed(const struct tcp_ports *ports)
{
    for (uint32_t i = ports->first; i < ports->first + ports->count; i++)
        if (failed(tcp_ports_at(ports, i)))
            return true;
    return false;
}
