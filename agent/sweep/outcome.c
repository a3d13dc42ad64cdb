#include "sweep/outcome.h"

#include "sweep/accusation.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define VERDICTS 16 /* more than there are words */
#define GROUPS 256

struct tally {
    uint32_t verdicts[VERDICTS];
    uint32_t reasons[32];
    uint32_t good, bad, inconclusive, total;
    uint32_t unwanted;          /* reachable, though expected closed */
    uint32_t shut;              /* not reachable, as expected */
    uint32_t welcome[VERDICTS]; /* of these, by verdict */
    uint32_t spared;            /* not as hoped, but an alternative is; in no verdict's count */
};

/* The list's range that holds the port, looked for from `range` on: both are in the same order. */
static size_t range_of(const struct port_list *list, const struct port_result *port, size_t range)
{
    while (range + 1 < list->count &&
           (list->ranges[range].transport != port->transport || list->ranges[range].last < port->port))
        range++;
    return range;
}

/* Which groups of alternatives have a port that is as hoped. */
static void find_groups(const struct report *report, const struct port_list *list, bool satisfied[GROUPS])
{
    memset(satisfied, 0, GROUPS);
    for (size_t i = 0, range = 0; i < report->port_count; i++) {
        struct port_result *port = &report->ports[i];
        port->spared = false; /* a stage before may have known less */
        range = range_of(list, port, range);
        if (port_result_as_expected(port) == TRI_YES)
            satisfied[list->ranges[range].group] = true;
    }
    satisfied[0] = false;
}

static void count(struct tally *tally, const struct port_result *port, bool satisfied)
{
    enum tri expected = port_result_as_expected(port);
    tally->total++;
    tally->verdicts[port->verdict] += !port->spared;
    tally->reasons[port->reason]++;
    tally->spared += port->spared;
    tally->inconclusive += port->verdict == VERDICT_INCONCLUSIVE && !satisfied;
    tally->good += expected == TRI_YES;
    tally->bad += expected == TRI_NO;
    tally->shut += expected == TRI_YES && port->expect == EXPECT_CLOSED;
    tally->welcome[port->verdict] += expected == TRI_YES && port->expect == EXPECT_CLOSED;
    tally->unwanted += expected == TRI_NO && port->expect == EXPECT_CLOSED;
}

/* A port of a group counts as good when any port of the group is: 443 or 5001. */
static struct tally tally_of(const struct report *report, const struct port_list *list)
{
    struct tally tally = {0};
    bool satisfied[GROUPS] = {false};
    if (list->count > 0)
        find_groups(report, list, satisfied);
    for (size_t i = 0, range = 0; i < report->port_count; i++) {
        struct port_result *port = &report->ports[i];
        range = range_of(list, port, range);
        bool stands_in = list->count > 0 && satisfied[list->ranges[range].group];
        port->spared = stands_in && port_result_as_expected(port) == TRI_NO;
        count(&tally, port, stands_in);
    }
    return tally;
}

static enum outcome outcome_of(const struct tally *tally, enum nat_class nat_class, enum sweep_end end)
{
    if (end == SWEEP_END_CANCELLED)
        return OUTCOME_CANCELLED;
    if (tally->good + tally->bad == 0)
        return OUTCOME_NOT_RUN;
    if (tally->bad > 0)
        return tally->good > 0 ? OUTCOME_PARTIAL : OUTCOME_UNSUPPORTED;
    bool udp_blocked = nat_class == NAT_CLASS_UDP_BLOCKED && tally->verdicts[VERDICT_NOT_TESTED] > 0;
    return tally->inconclusive > 0 || udp_blocked ? OUTCOME_INCONCLUSIVE : OUTCOME_SUPPORTED;
}

/* --- sentences --- */

/* What the server did that no port could be judged; NULL when it was not the server. */
static const char *fault_of_server(const struct tally *tally, enum sweep_end end)
{
    if (end == SWEEP_END_NO_ANSWER)
        return "does not respond";
    if (end == SWEEP_END_MISHEARD)
        return "answers with something that is no valid STUN message";
    if (end == SWEEP_END_UNAUTHORIZED)
        return "asks for credentials and got none, or none that it takes";
    if (tally->verdicts[VERDICT_NO_SECOND_ADDRESS] > 0)
        return "has no second address, so port forwarding cannot be tested";
    if (tally->verdicts[VERDICT_IN_USE] < tally->total && tally->reasons[REASON_SERVER_FAULT] > 0)
        return "does not answer from its second address";
    return NULL;
}

static const char *other_fault(const struct tally *tally)
{
    if (tally->verdicts[VERDICT_IN_USE] > 0 && tally->verdicts[VERDICT_IN_USE] == tally->total)
        return "every port is in use by another program";
    if (tally->reasons[REASON_LOSS] > 0)
        return "too many packets are lost on the way to the STUN server";
    if (tally->reasons[REASON_SCAN_PROTECTION] > 0)
        return "the router seems to block what comes in from the STUN server, as protection against port scans does";
    if (tally->reasons[REASON_TABLE_FULL] > 0)
        return "the router seems to have no room for more connections";
    if (tally->reasons[REASON_MAPPING_ALIVE] > 0)
        return "answers from outside came in, but whether by a forward could not be told";
    if (tally->reasons[REASON_NO_TURN_CREDENTIALS] > 0)
        return "TCP ports need a TURN server and credentials";
    return "no port could be judged";
}

static void say_not_run(struct report *report, const struct tally *tally, enum sweep_end end)
{
    static const char not_run[] = "The firewall check could not be run";
    const char *fault = fault_of_server(tally, end);
    const char *accusation = fault != NULL && end == SWEEP_END_COMPLETE ? accusation_of(report) : NULL;
    if (accusation != NULL)
        snprintf(report->message, sizeof(report->message), "%s: %c%s", not_run, tolower((unsigned char)accusation[0]),
                 accusation + 1);
    else if (fault != NULL)
        snprintf(report->message, sizeof(report->message), "%s: the STUN server %s %s.", not_run, report->server_name,
                 fault);
    else
        snprintf(report->message, sizeof(report->message), "%s: %s.", not_run, other_fault(tally));
}

static void say(struct report *report, const char *text)
{
    snprintf(report->message, sizeof(report->message), "%s", text);
}

static void append(struct report *report, uint32_t number, const char *text)
{
    size_t len = strlen(report->message);
    if (number > 0)
        snprintf(report->message + len, sizeof(report->message) - len, " %u port%s %s.", number, number == 1 ? "" : "s",
                 text);
}

static uint32_t unwelcome(const struct tally *tally, enum verdict verdict)
{
    return tally->verdicts[verdict] - tally->welcome[verdict];
}

static void write_message(struct report *report, const struct tally *tally, enum sweep_end end)
{
    switch ((enum outcome)report->outcome) {
    case OUTCOME_SUPPORTED: say(report, "All tests completed: this firewall configuration is supported."); break;
    case OUTCOME_PARTIAL: say(report, "The firewall check failed for some ports."); break;
    case OUTCOME_UNSUPPORTED: say(report, "The firewall check failed for every port that could be judged."); break;
    case OUTCOME_INCONCLUSIVE:
        say(report, "Every port that could be judged passed, but some could not be judged.");
        break;
    case OUTCOME_CANCELLED: say(report, "The firewall check was cancelled."); break;
    default: say_not_run(report, tally, end); return;
    }
    append(report, unwelcome(tally, VERDICT_CLOSED), "closed");
    append(report, unwelcome(tally, VERDICT_REFUSED), "refused");
    append(report, unwelcome(tally, VERDICT_WRONG_HOST), "answered by another host");
    append(report, tally->shut, "closed, as wanted");
    append(report, tally->verdicts[VERDICT_DYNAMIC], "reachable only while in use, not forwarded");
    append(report, tally->verdicts[VERDICT_TRANSLATED], "translated to another port");
    append(report, tally->verdicts[VERDICT_UNREACHABLE], "cannot reach the STUN server");
    append(report, tally->verdicts[VERDICT_BAD_RESPONSE], "got an invalid response from the server");
    append(report, tally->verdicts[VERDICT_IN_USE], "in use by another program");
    append(report, tally->verdicts[VERDICT_NO_SECOND_ADDRESS], "untestable without a second address");
    append(report, tally->verdicts[VERDICT_INCONCLUSIVE], "inconclusive");
    append(report, tally->verdicts[VERDICT_NOT_TESTED], "not tested");
    append(report, tally->spared, "not needed, as an alternative works");
}

/* What to do about each verdict or reason, most telling first. */
static const struct {
    uint8_t verdict, transport, reason; /* 0: any */
    const char *advice;
} advices[] = {
    {VERDICT_WRONG_HOST, 0, 0,
     "Another host, or the router itself, takes the connections to some TCP ports: point their forwards at this host, "
     "and move the router's own services to other ports."},
    {VERDICT_CLOSED, 0, 0,
     "Forward the closed ports on the router to this host, one-to-one, check that the rule points at this host and not "
     "at another one, and that no firewall, this host's own included, drops what comes in."},
    {VERDICT_REFUSED, 0, 0,
     "Connections to some TCP ports are turned away: allow them in the router's and this host's firewall, and forward "
     "the ports to this host where there is a NAT."},
    {VERDICT_DYNAMIC, 0, 0,
     "Add a static forward for the dynamic ports: they only work while the PBX itself keeps a mapping open, and "
     "incoming calls fail otherwise."},
    {VERDICT_TRANSLATED, 0, 0,
     "Turn on one-to-one NAT with a static source port for this host: the router rewrites the port that packets leave "
     "from."},
    {VERDICT_UNREACHABLE, TRANSPORT_UDP, REASON_ADMIN_PROHIBITED,
     "A firewall forbids outgoing UDP from the unreachable ports: allow it on the router, the host or at the "
     "provider."},
    {VERDICT_UNREACHABLE, TRANSPORT_UDP, REASON_TIMEOUT,
     "UDP from the unreachable ports, or the answers to it, is dropped: check the firewall rules of the router and of "
     "this host for both directions."},
    {VERDICT_UNREACHABLE, TRANSPORT_UDP, REASON_NO_ROUTE,
     "Packets from some ports are turned away as having no route, though others reach the STUN server: check firewall "
     "rules and routes that depend on the port."},
    {VERDICT_UNREACHABLE, TRANSPORT_UDP, REASON_PORT_UNREACHABLE,
     "A firewall rejects outgoing UDP from some ports, though the STUN server answers others: allow it on the router, "
     "the host or at the provider."},
    {VERDICT_UNREACHABLE, TRANSPORT_TCP, 0,
     "The TURN server cannot be reached over TCP: allow outgoing TCP to it, or check that it listens."},
    {VERDICT_BAD_RESPONSE, 0, 0, "Use another STUN server: this one answers wrongly."},
    {VERDICT_NO_SECOND_ADDRESS, 0, 0, "Use a STUN server with two public addresses that honours CHANGE-REQUEST."},
    {VERDICT_IN_USE, 0, 0,
     "Stop the program that holds the ports in use, or give the agent CAP_NET_RAW so that they are tested while in "
     "use."},
    {VERDICT_INCONCLUSIVE, TRANSPORT_TCP, REASON_SERVER_FAULT,
     "Look at the TURN server and its log, or use another one: it left TCP ports unjudged."},
    {VERDICT_INCONCLUSIVE, TRANSPORT_UDP, REASON_SERVER_FAULT,
     "Check the STUN server's second address, or use another server: ports were left unjudged because of it."},
    {VERDICT_INCONCLUSIVE, 0, REASON_SCAN_PROTECTION,
     "The router seems to block port scans: allow the STUN server's addresses there, or sweep at a slower pace. If "
     "other sites see the same, look at the server's second address."},
    {VERDICT_INCONCLUSIVE, 0, REASON_TABLE_FULL,
     "The router's connection table is full: sweep at a slower pace, or raise the limit of the table."},
    {VERDICT_INCONCLUSIVE, 0, REASON_LOSS, "Too many packets are lost: repeat the check when the line is less busy."},
    {VERDICT_INCONCLUSIVE, 0, REASON_MAPPING_ALIVE,
     "Repeat the check when the ports have been silent for five minutes: their own traffic may have opened the "
     "router."},
    {VERDICT_INCONCLUSIVE, 0, REASON_LOCAL_ERROR,
     "Look at this host: packets could not be sent or sockets not opened."},
};

/* Where nothing is translated there is nothing to forward; no silence makes a router show who sent what it forwards;
 * and an idle line does not lift a limit. */
static const char *advice_at(const struct report *report, size_t row)
{
    if (advices[row].reason == REASON_MAPPING_ALIVE && report_warned(report, OUTCOME_SOURCE_REWRITTEN))
        return "Let the router rewrite the source of what leaves to the internet only: turn off masquerading (source "
               "NAT) of what it forwards to this host, such as a rule without an outgoing interface, masquerading of "
               "the LAN, or a hairpin rule that holds for everybody. Then repeat the check.";
    if (advices[row].reason == REASON_LOSS && report_warned(report, OUTCOME_RATE_LIMIT))
        return "Repeat the check at a slower pace (--pace), and look for a limit on new connections or packets a "
               "second in the router, in this host's firewall and at the server: ports that were silent in the sweep "
               "answer one at a time.";
    if (advices[row].verdict == VERDICT_CLOSED && report->nat.mapping == BEHAVIOUR_NONE)
        return "Open the closed ports for this host in its firewall and in the one before it: there is no NAT here, so "
               "nothing has to be forwarded.";
    return advices[row].advice;
}

static void write_advice(struct report *report)
{
    for (size_t i = 0; i < ARRAY_LEN(advices); i++)
        for (size_t port = 0; port < report->port_count; port++) {
            const struct port_result *result = &report->ports[port];
            bool wanted = port_result_as_expected(result) != TRI_YES && result->verdict == advices[i].verdict &&
                          (advices[i].transport == 0 || advices[i].transport == result->transport);
            if (wanted && (advices[i].reason == 0 || advices[i].reason == result->reason)) {
                report_advise(report, "%s", advice_at(report, i));
                break;
            }
        }
}

static void advise_on_sip_alg(struct report *report)
{
    if (report->nat.sip_alg != TRI_YES)
        return;
    report_advise(report, "Turn the SIP ALG off on the router (also called SIP helper, SIP fixup or SIP "
                          "transformations): it rewrites what phones and providers send. Look again after each reset "
                          "or update of the router, which may turn it on.");
}

static void advise_on_double_nat(struct report *report)
{
    if (report->nat.double_nat == TRI_YES && report->outcome != OUTCOME_SUPPORTED)
        report_advise(report, "Another NAT seems to stand behind the router: forward the ports there too, or put it in "
                              "bridge mode; when it is the provider's, ask for a public IPv4 address of your own.");
}

void outcome_conclude(struct report *report, const struct port_list *list, enum sweep_end end)
{
    struct tally tally = tally_of(report, list);
    report->advice_count = 0;
    report->outcome = (uint8_t)outcome_of(&tally, (enum nat_class)report->nat.nat_class, end);
    write_message(report, &tally, end);
    write_advice(report);
    if (tally.unwanted > 0)
        report_advise(report, "Close the ports on the router that are reachable but should not be.");
    advise_on_sip_alg(report);
    advise_on_double_nat(report);
    if (report->nat.nat_class == NAT_CLASS_UDP_BLOCKED)
        report_advise(report, "No UDP reaches the server, TCP does: allow outgoing UDP on the router, the host or at "
                              "the provider.");
    else if (end == SWEEP_END_NO_ANSWER)
        report_advise(report,
                      "Check that the STUN server is up, that its name and port are right, and that outgoing UDP is "
                      "allowed; or use another server.");
    else if (end == SWEEP_END_UNAUTHORIZED)
        report_advise(report,
                      "Give the credentials of the server, and check this host's clock and the server's: minted ones "
                      "are good for a time only. For a check by hand they are flags (--help lists them); in a fleet "
                      "the collector mints them with the secret of turn.secret_file.");
}
