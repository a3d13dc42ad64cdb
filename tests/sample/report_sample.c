#include "sample/report_sample.h"

#include "proto/port_list.h"

#include <stdio.h>
#include <string.h>

#define MEDIAN_RTT_US 21000

uint64_t sample_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint32_t sample_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)(sample_random(state) % limit);
}

static struct address address(const char *text, uint16_t port)
{
    struct address address = {0};
    if (address_parse(text, &address) == 0)
        address.port = port;
    return address;
}

/* Around the median with a long tail, as queues in routers make it. */
static int32_t sample_rtt(uint64_t *state)
{
    int32_t jitter = 0;
    for (int i = 0; i < 4; i++)
        jitter += (int32_t)sample_below(state, 1000) - 400;
    if (sample_below(state, 50) == 0)
        jitter += (int32_t)sample_below(state, 60000);
    return MEDIAN_RTT_US + jitter;
}

static uint8_t sample_attempts(uint64_t *state, unsigned loss_percent, unsigned tests)
{
    uint8_t attempts = 0;
    for (unsigned i = 0; i < tests; i++) {
        attempts++;
        while (sample_below(state, 100) < loss_percent && attempts < 30)
            attempts++;
    }
    return attempts;
}

static void judge(struct port_result *port, enum verdict verdict, enum tri preserved, enum tri inbound,
                  enum tri unsolicited)
{
    port->verdict = (uint8_t)verdict;
    port->reached = TRI_YES;
    port->preserved = (uint8_t)preserved;
    port->inbound = (uint8_t)inbound;
    port->unsolicited = (uint8_t)unsolicited;
    port->live = true;
}

static void fill_reached(struct port_result *port, uint64_t *state, unsigned loss_percent)
{
    port->rtt_us = sample_rtt(state);
    port->mapped = address("203.0.113.2", port->port);
    port->attempts = sample_attempts(state, loss_percent, 3);
    judge(port, VERDICT_PASS, TRI_YES, TRI_YES, TRI_YES);
}

static void fill_closed(struct port_result *port, uint64_t *state)
{
    fill_reached(port, state, 0);
    port->attempts = 7;
    judge(port, VERDICT_CLOSED, TRI_YES, TRI_NO, TRI_NO);
}

static void fill_translated(struct port_result *port, uint64_t *state)
{
    fill_reached(port, state, 0);
    port->mapped.port = (uint16_t)(1024 + sample_below(state, 64000));
    judge(port, VERDICT_TRANSLATED, TRI_NO, TRI_NO, TRI_NO);
}

static void fill_random(struct report *report, struct port_result *port, uint64_t *state)
{
    static const char *const ips[] = {"203.0.113.2", "203.0.113.3", "2001:db8::2"};
    judge(port, (enum verdict)(1 + sample_below(state, VERDICT_NOT_TESTED)), (enum tri)sample_below(state, 3),
          (enum tri)sample_below(state, 3), (enum tri)sample_below(state, 3));
    port->reached = (uint8_t)sample_below(state, 3);
    port->live = sample_below(state, 2);
    port->reason = (uint8_t)sample_below(state, REASON_INTERRUPTED + 1);
    port->role = (uint8_t)(1 + sample_below(state, ROLE_SETUP));
    port->expect = (uint8_t)(1 + sample_below(state, EXPECT_CLOSED));
    port->attempts = (uint8_t)sample_random(state);
    if (sample_below(state, 2))
        port->rtt_us = (int32_t)(sample_random(state) >> (33 + sample_below(state, 31)));
    if (sample_below(state, 3)) {
        port->mapped = address(ips[sample_below(state, 3)], port->port);
        port->mapped.port = port->preserved == TRI_YES ? port->port : (uint16_t)sample_random(state);
    }
    if (sample_below(state, 8) == 0) {
        struct port_owner *owner = &report->owners[report->owner_count++];
        owner->pid = (int32_t)sample_below(state, 5);
        snprintf(owner->name, sizeof owner->name, "program-%u", sample_below(state, 10));
        port->owner = owner;
    }
}

static void fill_port(struct report *report, size_t index, enum report_sample_kind kind, uint64_t *state)
{
    struct port_result *port = &report->ports[index];
    bool middle = index > report->port_count / 2 && index < report->port_count * 3 / 4;
    switch (kind) {
    case SAMPLE_SUPPORTED: fill_reached(port, state, 0); break;
    case SAMPLE_PARTIAL: middle ? fill_closed(port, state) : fill_reached(port, state, 1); break;
    case SAMPLE_CLOSED: fill_closed(port, state); break;
    case SAMPLE_LOSSY: fill_reached(port, state, 20); break;
    case SAMPLE_SYMMETRIC: fill_translated(port, state); break;
    case SAMPLE_NOT_TESTED:
        port->verdict = VERDICT_NOT_TESTED;
        port->reason = REASON_CANCELLED;
        break;
    case SAMPLE_RANDOM: fill_random(report, port, state); break;
    }
}

static void list_ports(const struct port_list *list, struct port_result *ports)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct port_range *range = &list->ranges[i];
        for (uint32_t port = range->first; port <= range->last; port++, ports++) {
            ports->port = (uint16_t)port;
            ports->transport = range->transport;
            ports->role = range->role;
            ports->expect = range->expect;
        }
    }
}

static void fill_summary(struct report *report, enum report_sample_kind kind)
{
    static const uint8_t outcomes[] = {OUTCOME_SUPPORTED,   OUTCOME_PARTIAL,   OUTCOME_UNSUPPORTED, OUTCOME_SUPPORTED,
                                       OUTCOME_UNSUPPORTED, OUTCOME_CANCELLED, OUTCOME_INCONCLUSIVE};
    report->outcome = outcomes[kind];
    report->family = 4;
    snprintf(report->message, sizeof report->message, "%zu ports were tested against stun.example.net.",
             report->port_count);
    report_advise(report, "Forward the ports to the PBX.");
    report_advise(report, "Check that the rule points at the PBX and not at another host.");
    report_warn(report, "second_address_slow", "The second address answers %d ms later than the first.", 40);
    snprintf(report->server_name, sizeof report->server_name, "stun.example.net");
    report->server_address = address("203.0.113.10", 3478);
    report->server_other_address = address("203.0.113.11", 3479);
    report->local_address = address("192.168.77.2", 0);
    report->public_address = address("203.0.113.2", 0);
    report->started_at_us = INT64_C(1767225600123456);
    report->duration_us = 5432101;
    report->nat = (struct nat_facts){
        .nat_class = kind == SAMPLE_SYMMETRIC ? NAT_CLASS_SYMMETRIC : NAT_CLASS_PORT_RESTRICTED_CONE,
        .mapping = BEHAVIOUR_ENDPOINT_INDEPENDENT,
        .filtering = BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT,
        .port_preservation = TRI_YES,
        .hairpin = TRI_NO,
        .generic_alg = TRI_NO,
        .sip_alg = TRI_YES,
        .sip_alg_diff = "-Via: SIP/2.0/UDP 192.168.77.2\n+Via: SIP/2.0/UDP 203.0.113.2",
        .binding_lifetime_s = 180,
    };
}

struct report *report_sample(enum report_sample_kind kind, const char *ports, uint64_t seed)
{
    struct port_list list;
    char message[PORT_LIST_MESSAGE_BYTES];
    if (port_list_parse(ports, &list, message))
        return NULL;
    size_t count = port_list_size(&list);
    struct report *report = report_create(count, count);
    if (!report)
        return NULL;
    report->owner_count = 0; /* room for all, used as needed */
    list_ports(&list, report->ports);
    for (size_t i = 0; i < count; i++)
        fill_port(report, i, kind, &seed);
    fill_summary(report, kind);
    return report;
}
