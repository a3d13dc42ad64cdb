#include "sweep/double_nat.h"

#define BLOCK_PORTS_MIN 16u  /* mapped ports, to call it a block: by chance they would not lie so close */
#define BLOCK_BITS_MAX 12u   /* carriers give 64 to 4,096 ports a customer */
#define PORTS_FIRST 1024u    /* carriers give nobody the well-known ones */
#define DENSITY_PER_BLOCK 2u /* more than every second port of a range: given in sequence, which needs no carrier */

struct port_block {
    uint16_t first, last;
};

/* The smallest aligned block of 2^n ports that holds first..last. */
static struct port_block block_around(uint16_t first, uint16_t last)
{
    unsigned bits = 0;
    while (first >> bits != last >> bits)
        bits++;
    uint16_t low = (uint16_t)((unsigned)first >> bits << bits);
    return (struct port_block){low, (uint16_t)(low + (1u << bits) - 1)};
}

/* Whether the ports that were not kept all got one of a small block. */
static bool find_block(const struct report *report, struct port_block *block)
{
    uint16_t first = UINT16_MAX, last = 0;
    unsigned count = 0;
    for (size_t i = 0; i < report->port_count; i++) {
        const struct port_result *port = &report->ports[i];
        if (port->preserved != TRI_NO || !address_known(&port->mapped))
            continue;
        count++;
        first = port->mapped.port < first ? port->mapped.port : first;
        last = port->mapped.port > last ? port->mapped.port : last;
    }
    if (count < BLOCK_PORTS_MIN || count * DENSITY_PER_BLOCK > last - first + 1u)
        return false;
    *block = block_around(first, last);
    return block->first >= PORTS_FIRST && (unsigned)block->last - block->first < 1u << BLOCK_BITS_MAX;
}

/* Returns TRI_UNKNOWN when the router's address says nothing. */
static enum tri judge_router_wan(const struct double_nat_evidence *evidence, struct report *report)
{
    char wan[ADDRESS_TEXT_BYTES], public[ADDRESS_TEXT_BYTES];
    if (!address_known(&evidence->router_wan) || address_is_loopback(&evidence->router_wan))
        return TRI_UNKNOWN;
    if (address_same_ip(&evidence->router_wan, &report->public_address))
        return TRI_NO;
    address_format_ip(&evidence->router_wan, wan);
    address_format_ip(&report->public_address, public);
    if (!address_is_private(&evidence->router_wan)) {
        report_warn(report, "router_address_differs",
                    "The router says by %s that its external address is %s, while packets arrive from %s: there are "
                    "several internet lines, or another NAT behind the router.",
                    evidence->router_wan_how, wan, public);
        return TRI_UNKNOWN;
    }
    report_warn(report, "double_nat",
                "The router's own external address is %s (by %s), which is %s, and not the public %s: another NAT "
                "stands behind it, and forwards on this router alone open nothing.",
                wan, evidence->router_wan_how,
                address_is_shared_space(&evidence->router_wan) ? "a carrier's shared address" : "private", public);
    return TRI_YES;
}

/* Whatever stands behind the router, a forward gets through it. */
static bool is_forwarded(const struct report *report)
{
    for (size_t i = 0; i < report->port_count; i++)
        if (report->ports[i].verdict == VERDICT_PASS || report->ports[i].unsolicited == TRI_YES)
            return true;
    return false;
}

static enum tri judge_second_hop(const struct double_nat_evidence *evidence, struct report *report)
{
    char hop[ADDRESS_TEXT_BYTES];
    if (evidence->server_is_second_hop)
        return TRI_NO;
    if (!address_known(&evidence->second_hop))
        return TRI_UNKNOWN;
    if (!address_is_private(&evidence->second_hop))
        return TRI_NO;
    address_format_ip(&evidence->second_hop, hop);
    if (address_is_shared_space(&evidence->second_hop))
        report_warn(report, "double_nat",
                    "The second router on the way has the carrier's shared address %s (RFC 6598): the provider's NAT "
                    "seems to stand behind this site's router%s",
                    hop,
                    is_forwarded(report) ? ", and lets the forwarded ports in."
                                         : ", and no forward on it opens anything. Ask for a public address.");
    else
        report_warn(report, "double_nat",
                    "The second router on the way has the private address %s: another NAT seems to stand behind the "
                    "first router, and both need the forwards (unless it is one more router of the same network).",
                    hop);
    return TRI_YES;
}

/* A carrier's NAT lets in nothing for ports that it did not give. */
static bool is_reached_outside(const struct report *report, const struct port_block *block)
{
    for (size_t i = 0; i < report->port_count; i++) {
        const struct port_result *port = &report->ports[i];
        bool reached = port->verdict == VERDICT_PASS || port->unsolicited == TRI_YES;
        if (reached && (port->port < block->first || port->port > block->last))
            return true;
    }
    return false;
}

static enum tri judge_ports(struct report *report)
{
    struct port_block block;
    if (!find_block(report, &block) || is_reached_outside(report, &block))
        return TRI_UNKNOWN;
    report_warn(report, "port_block",
                "All source ports are changed to ones from %u to %u: a carrier's NAT gives each customer such a block.",
                block.first, block.last);
    return TRI_YES;
}

void double_nat_judge(const struct double_nat_evidence *evidence, struct report *report)
{
    if (address_same_ip(&report->public_address, &report->local_address)) {
        report->nat.double_nat = TRI_NO;
        return;
    }
    enum tri verdict = judge_router_wan(evidence, report);
    if (verdict == TRI_UNKNOWN) {
        enum tri hop = judge_second_hop(evidence, report), ports = judge_ports(report);
        verdict = ports == TRI_YES ? TRI_YES : hop;
    }
    report->nat.double_nat = (uint8_t)verdict;
}
