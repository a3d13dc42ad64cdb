#include "sweep/tcp_belief.h"

#include "sweep/tcp_engine.h"

#define MAPPED "turn_mapped_address"

/* Behind several lines, or a NAT with several addresses, each port may come from another one. */
static bool seen_over_udp(const struct report *report, const struct address *own)
{
    if (address_same_ip(own, &report->public_address))
        return true;
    for (size_t i = 0; i < report->port_count; i++)
        if (report->ports[i].transport == TRANSPORT_UDP && address_same_ip(own, &report->ports[i].mapped))
            return true;
    return false;
}

bool tcp_belief_take_mapped(struct tcp_sweep *sweep)
{
    const struct address *own = &sweep->control.own;
    char text[ADDRESS_TEXT_BYTES];
    if (seen_over_udp(sweep->report, own))
        return true;
    if (address_is_private(own) && !address_is_private(&sweep->control.server)) {
        report_warn(sweep->report, MAPPED,
                    "The TURN server sees this host at %s, where nobody on the internet can be: it stands behind a "
                    "proxy or load balancer, and TCP ports could not be tested. Let it see where connections come "
                    "from.",
                    address_format_ip(own, text));
        return false;
    }
    sweep->elsewhere = sweep->elsewhere || address_known(&sweep->report->public_address);
    return true;
}

/* Another line of this site is as likely as a load balancer before the server: what passed did, and what failed may
 * have failed there. */
static void doubt_mapped(struct tcp_sweep *sweep)
{
    char own[ADDRESS_TEXT_BYTES], public[ADDRESS_TEXT_BYTES];
    if (!tcp_ports_some_failed(&sweep->ports))
        return;
    tcp_ports_doubt_all_failures(&sweep->ports, REASON_SERVER_FAULT);
    report_warn(sweep->report, MAPPED,
                "The TURN server sees this host at %s and the STUN server at %s: a load balancer stands before the "
                "TURN server, or TCP takes another line. TCP ports that nothing reached were left unjudged because of "
                "it.",
                address_format_ip(&sweep->control.own, own), address_format_ip(&sweep->report->public_address, public));
}

void tcp_belief_conclude(struct tcp_sweep *sweep)
{
    if (sweep->elsewhere)
        doubt_mapped(sweep);
}
