#include "sweep/tcp_belief.h"

#include "sweep/accusation.h"
#include "sweep/outcome.h"
#include "sweep/tcp_engine.h"
#include "sweep/this_side.h"

/* --- where the server sees this host --- */

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
        report_warn(sweep->report, ACCUSATION_TURN_MAPPED,
                    "The TURN server sees this host at %s, where nobody on the internet can be: it stands behind a "
                    "proxy or load balancer, and TCP ports could not be tested. Let it see where connections come "
                    "from.",
                    address_format_ip(own, text));
        return false;
    }
    sweep->elsewhere = sweep->elsewhere || address_known(&sweep->report->public_address);
    return true;
}

/* --- who comes --- */

/* Programs of this host and phones and browsers of its net come to a PBX at any time. A router that puts its own
 * address in place of the relay's keeps the relay's port, or has shown over UDP that it is one that does so. */
static bool comes_by_chance(const struct tcp_sweep *sweep, const struct address *from)
{
    if (address_is_loopback(from) || address_same_ip(from, &sweep->report->local_address))
        return true;
    return this_side(from, &sweep->report->local_address, &sweep->control.server) &&
           from->port != sweep->control.relayed.port && !report_warned(sweep->report, OUTCOME_SOURCE_REWRITTEN);
}

void tcp_belief_take_visitor(struct tcp_sweep *sweep, struct pending_connect *pending, const struct address *from)
{
    bool likelier = !address_known(&pending->visitor) || from->port == sweep->control.relayed.port;
    if (likelier && !comes_by_chance(sweep, from))
        pending->visitor = *from;
}

static void warn_of_stranger(struct tcp_sweep *sweep, const struct pending_connect *pending)
{
    char from[ADDRESS_TEXT_BYTES], relayed[ADDRESS_TEXT_BYTES];
    report_warn(sweep->report, ACCUSATION_TURN_ELSEWHERE,
                "The TURN server was to connect to TCP port %u from its relay %s, but the connection that arrived came "
                "from %s: the server connects from another address than it announces, or the firewall lets in others "
                "and not the server.",
                (unsigned)pending->port, address_format_ip(&sweep->control.relayed, relayed),
                address_format_ip(&pending->visitor, from));
}

static void warn_of_router(struct tcp_sweep *sweep, const struct pending_connect *pending)
{
    char from[ADDRESS_TEXT_BYTES], relayed[ADDRESS_TEXT_BYTES];
    report_warn(sweep->report, OUTCOME_SOURCE_REWRITTEN,
                "The TURN server's connections arrive at this host as if they came from %s and not from its relay %s: "
                "the router rewrites the source of what it forwards (masquerading, source NAT on what comes in), so "
                "this host cannot tell who calls.",
                address_format_ip(&pending->visitor, from), address_format_ip(&sweep->control.relayed, relayed));
}

enum reason tcp_belief_of_visitor(struct tcp_sweep *sweep, const struct pending_connect *pending)
{
    if (this_side(&pending->visitor, &sweep->report->local_address, &sweep->control.server)) {
        warn_of_router(sweep, pending);
        return REASON_MAPPING_ALIVE;
    }
    warn_of_stranger(sweep, pending);
    return REASON_SERVER_FAULT;
}

void tcp_belief_take_straggler(struct tcp_sweep *sweep, uint16_t port)
{
    if (tcp_ports_doubt_failure(&sweep->ports, port, REASON_SERVER_FAULT))
        report_warn(sweep->report, ACCUSATION_TURN_SLOW,
                    "A connection of the TURN server came to TCP port %u when none was waited for any more: the server "
                    "is slow to connect, or another port is forwarded to this one.",
                    (unsigned)port);
}

/* --- what the server says of its connections --- */

void tcp_belief_take_unused(struct tcp_sweep *sweep, uint16_t port, enum verdict verdict)
{
    sweep->word_void = verdict == VERDICT_WRONG_HOST || verdict == VERDICT_INCONCLUSIVE;
    if (verdict == VERDICT_WRONG_HOST)
        report_warn(sweep->report, ACCUSATION_TURN_FALSE_SUCCESS,
                    "The TURN server says that it connected to TCP port %u too, which nobody uses: it does not really "
                    "connect, or something on the way takes every connection. Use another TURN server.",
                    (unsigned)port);
}

/* --- the end --- */

/* Another line of this site is as likely as a load balancer before the server: what passed did, and what failed may
 * have failed there. */
static void doubt_mapped(struct tcp_sweep *sweep)
{
    char own[ADDRESS_TEXT_BYTES], public[ADDRESS_TEXT_BYTES];
    if (!tcp_ports_some_failed(&sweep->ports))
        return;
    tcp_ports_doubt_all_failures(&sweep->ports, REASON_SERVER_FAULT);
    report_warn(sweep->report, ACCUSATION_TURN_MAPPED,
                "The TURN server sees this host at %s and the STUN server at %s: a load balancer stands before the "
                "TURN server, or TCP takes another line. TCP ports that nothing reached were left unjudged because of "
                "it.",
                address_format_ip(&sweep->control.own, own), address_format_ip(&sweep->report->public_address, public));
}

void tcp_belief_conclude(struct tcp_sweep *sweep)
{
    if (sweep->elsewhere)
        doubt_mapped(sweep);
    if (sweep->word_void)
        tcp_ports_doubt_all_failures(&sweep->ports, REASON_SERVER_FAULT);
}
