#include "report/explanation.h"

#include "base/attributes.h"

#include <stdio.h>
#include <string.h>

#define ANY 0

struct rule {
    uint8_t verdict;     /* enum verdict */
    uint8_t transport;   /* enum transport, or ANY */
    uint8_t reason;      /* enum reason, or ANY */
    uint8_t unsolicited; /* enum tri, or ANY */
    uint8_t fault;       /* enum fault */
    uint8_t remedy;      /* enum remedy */
    const char *cause, *cure;
};

/* The first row that fits. */
static const struct rule rules[] = {
    {VERDICT_PASS, TRANSPORT_TCP, ANY, ANY, FAULT_NOBODY, REMEDY_NONE,
     "A connection from outside arrives at this host.", ""},
    {VERDICT_PASS, ANY, ANY, TRI_YES, FAULT_NOBODY, REMEDY_NONE,
     "Reachable from outside at all times, by a static forward or without a NAT; the port stays the same.", ""},
    {VERDICT_PASS, ANY, ANY, ANY, FAULT_NOBODY, REMEDY_NONE, "Reachable from outside; the port stays the same.", ""},
    {VERDICT_UNREACHABLE, TRANSPORT_TCP, ANY, ANY, FAULT_FIREWALL, REMEDY_EGRESS,
     "The server cannot be reached over TCP.", "Allow outgoing TCP to the server."},
    {VERDICT_UNREACHABLE, ANY, REASON_ADMIN_PROHIBITED, ANY, FAULT_FIREWALL, REMEDY_EGRESS,
     "A firewall forbids packets from this port, on the way out or on this host (administratively prohibited).",
     "Allow outgoing UDP from this port."},
    {VERDICT_UNREACHABLE, ANY, REASON_PORT_UNREACHABLE, ANY, FAULT_FIREWALL, REMEDY_EGRESS,
     "A firewall on the way out rejects packets from this port (ICMP: port unreachable).",
     "Allow outgoing UDP from this port: the server answers others."},
    {VERDICT_UNREACHABLE, ANY, REASON_NO_ROUTE, ANY, FAULT_UNKNOWN, REMEDY_EGRESS,
     "Packets from this port are turned away as having no route (ICMP: host or network unreachable).",
     "Check this host's routes, the router's internet connection, and firewall rules for this port."},
    {VERDICT_UNREACHABLE, ANY, ANY, TRI_YES, FAULT_FIREWALL, REMEDY_EGRESS,
     "Packets from outside arrive, but those from this port get no answer: they are dropped on the way out.",
     "Allow outgoing UDP from this port, in this host's firewall, the router and at the provider."},
    {VERDICT_UNREACHABLE, ANY, ANY, ANY, FAULT_FIREWALL, REMEDY_EGRESS,
     "No answer from the server to packets from this port.",
     "Allow UDP from this port and the answers to it, in this host's firewall, the router and at the provider."},
    {VERDICT_BAD_RESPONSE, ANY, ANY, ANY, FAULT_SERVER, REMEDY_NONE, "The server gave a malformed or an error answer.",
     "Use another server."},
    {VERDICT_TRANSLATED, ANY, ANY, TRI_YES, FAULT_FIREWALL, REMEDY_STATIC_PORT,
     "The forward works, but the router changes the source port of outgoing packets.",
     "Turn on static source ports (one-to-one NAT) for this port in the router."},
    {VERDICT_TRANSLATED, ANY, ANY, TRI_NO, FAULT_FIREWALL, REMEDY_FORWARD_STATIC,
     "The router changes the source port of outgoing packets, and nothing from outside arrives.",
     "Forward the port to this host and turn on static source ports (one-to-one NAT) for it."},
    {VERDICT_TRANSLATED, ANY, ANY, ANY, FAULT_FIREWALL, REMEDY_STATIC_PORT,
     "The router changes the source port of outgoing packets.",
     "Turn on static source ports (one-to-one NAT) for this port in the router."},
    {VERDICT_NO_SECOND_ADDRESS, TRANSPORT_TCP, ANY, ANY, FAULT_SERVER, REMEDY_NONE,
     "The server offers no relay to connect from.", "Use a TURN server that relays TCP."},
    {VERDICT_NO_SECOND_ADDRESS, ANY, ANY, ANY, FAULT_SERVER, REMEDY_NONE,
     "The server has no second address to answer from, so it cannot tell.",
     "Use a STUN server with two public addresses (RFC 5780)."},
    {VERDICT_CLOSED, TRANSPORT_TCP, ANY, ANY, FAULT_FIREWALL, REMEDY_FORWARD,
     "A connection from outside did not arrive in time.",
     "Forward the port to this host where there is a NAT, and allow it in the router's and this host's firewall."},
    {VERDICT_CLOSED, ANY, ANY, ANY, FAULT_FIREWALL, REMEDY_FORWARD,
     "Nothing from outside arrives: the port is not forwarded to this host, or a firewall drops what comes in.",
     "Forward the port one-to-one to this host where there is a NAT, and allow it in the router's and this host's "
     "firewall."},
    {VERDICT_REFUSED, ANY, ANY, ANY, FAULT_FIREWALL, REMEDY_FORWARD,
     "Connections to this port are refused: by a firewall, the router, or another host that it is forwarded to.",
     "Forward the port to this host where there is a NAT, check where an existing forward points, and allow it in the "
     "firewalls."},
    {VERDICT_WRONG_HOST, ANY, ANY, ANY, FAULT_FIREWALL, REMEDY_FORWARD,
     "Something else takes the connections: another host that the port is forwarded to, or the router itself.",
     "Point the forward at this host's address, and move a service of the router's own to another port."},
    {VERDICT_DYNAMIC, ANY, ANY, ANY, FAULT_FIREWALL, REMEDY_FORWARD,
     "Open only while the port's own traffic keeps a mapping alive: there is no static forward.",
     "Forward the port one-to-one to this host."},
    {VERDICT_INCONCLUSIVE, ANY, REASON_SCAN_PROTECTION, ANY, FAULT_FIREWALL, REMEDY_SCAN,
     "The firewall's port-scan protection set in before this port.",
     "Exempt the server's addresses from scan protection, or sweep at a slower pace."},
    {VERDICT_INCONCLUSIVE, ANY, REASON_TABLE_FULL, ANY, FAULT_FIREWALL, REMEDY_TABLE,
     "The router's connection table is full.", "Sweep fewer ports or slower, or enlarge the router's table."},
    {VERDICT_INCONCLUSIVE, ANY, REASON_SERVER_FAULT, ANY, FAULT_SERVER, REMEDY_NONE,
     "The server stopped doing its part.", "Try again, or use another server."},
    {VERDICT_INCONCLUSIVE, ANY, REASON_LOSS, ANY, FAULT_LINE, REMEDY_NONE,
     "Too many packets are lost to tell closed from lost.", "Mend the connection, or try again when it is less busy."},
    {VERDICT_INCONCLUSIVE, ANY, REASON_MAPPING_ALIVE, ANY, FAULT_UNKNOWN, REMEDY_NONE,
     "An earlier packet from this port may have left a mapping in the router, which looks like a forward.",
     "Test again after the port was silent for five minutes."},
    {VERDICT_INCONCLUSIVE, ANY, REASON_LOCAL_ERROR, ANY, FAULT_HOST, REMEDY_NONE,
     "This host could not send from the port.", "Look at this host's firewall."},
    {VERDICT_INCONCLUSIVE, ANY, ANY, ANY, FAULT_UNKNOWN, REMEDY_NONE, "What was seen does not allow a judgement.",
     "Try again."},
    {VERDICT_NOT_TESTED, ANY, REASON_CANCELLED, ANY, FAULT_UNKNOWN, REMEDY_NONE,
     "Cancelled before this port was tested.", ""},
    {VERDICT_NOT_TESTED, ANY, REASON_NO_TURN_CREDENTIALS, ANY, FAULT_UNKNOWN, REMEDY_NONE,
     "TCP is tested through a TURN server, and there are no credentials for one.",
     "Give --turn-user and --turn-password-file."},
    {VERDICT_NOT_TESTED, ANY, REASON_INTERRUPTED, ANY, FAULT_UNKNOWN, REMEDY_NONE,
     "The agent died before this port was tested.", "Test again."},
    {VERDICT_NOT_TESTED, ANY, ANY, ANY, FAULT_UNKNOWN, REMEDY_NONE, "The sweep ended before this port was tested.", ""},
};

static const struct rule *find_rule(const struct port_result *result)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        const struct rule *rule = &rules[i];
        if (rule->verdict == result->verdict && (rule->transport == ANY || rule->transport == result->transport) &&
            (rule->reason == ANY || rule->reason == result->reason) &&
            (rule->unsolicited == ANY || rule->unsolicited == result->unsolicited))
            return rule;
    }
    return NULL;
}

static void explain_in_use(const struct port_result *result, struct explanation *out)
{
    const struct port_owner *owner = result->owner;

    if (owner && owner->pid != 0)
        (void)snprintf(out->cause, sizeof out->cause, "Another program holds the port: %s (pid %d).",
                       owner->name[0] ? owner->name : "unnamed", owner->pid);
    else
        (void)snprintf(out->cause, sizeof out->cause, "Another program holds the port.");
    (void)snprintf(out->cure, sizeof out->cure,
                   "Run as root or with CAP_NET_RAW to test it while it is in use, or stop the program.");
}

void explain(const struct port_result *result, struct explanation *out)
{
    const struct rule *rule = find_rule(result);
    bool closed_as_hoped = result->expect == EXPECT_CLOSED && port_result_as_expected(result) == TRI_YES;

    *out =
        (struct explanation){.fault = rule ? rule->fault : FAULT_UNKNOWN, .remedy = rule ? rule->remedy : REMEDY_NONE};
    if (result->verdict == VERDICT_IN_USE) {
        out->fault = FAULT_HOST;
        explain_in_use(result, out);
        return;
    }
    (void)snprintf(out->cause, sizeof out->cause, "%s", rule ? rule->cause : "");
    if (result->spared)
        (void)snprintf(out->cure, sizeof out->cure, "It is not needed: a port that stands in for it works.");
    else if (result->expect == EXPECT_CLOSED && result->verdict == VERDICT_PASS)
        (void)snprintf(out->cure, sizeof out->cure, "It should be closed: remove the forward.");
    else if (!closed_as_hoped)
        (void)snprintf(out->cure, sizeof out->cure, "%s", rule ? rule->cure : "");
}

const char *explain_line(const struct port_result *result, char line[EXPLANATION_LINE_BYTES])
{
    struct explanation text;

    explain(result, &text);
    (void)snprintf(line, EXPLANATION_LINE_BYTES, "%s%s%s", text.cause, text.cure[0] ? " " : "", text.cure);
    return line;
}
