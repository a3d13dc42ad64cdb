#include "sweep/sip_verdict.h"

#include <stdio.h>
#include <string.h>

static unsigned count(const struct sip_finding *finding, enum sip_place place, enum sip_fate fate)
{
    unsigned found = 0;
    for (unsigned method = 0; method < SIP_METHODS; method++)
        found += finding->fates[place][method] == fate;
    return found;
}

static unsigned arrived(const struct sip_finding *finding, enum sip_place place)
{
    return count(finding, place, SIP_INTACT) + count(finding, place, SIP_REWRITTEN);
}

/* A gateway acts on SIP's port only: what rewrites other ports too is no gateway, or not only. */
static void warn_of_proxy(const struct sip_finding *finding, struct report *report)
{
    if (count(finding, SIP_AT_CONTROL, SIP_REWRITTEN) > 0)
        report_warn(report, "sip_proxy",
                    "SIP is rewritten on its way to port %u too: not a router's SIP ALG alone does that, but a proxy "
                    "or an inspecting firewall that touches SIP on every port.",
                    finding->control.port);
    else if (arrived(finding, SIP_AT_CONTROL) == 0)
        report_warn(report, "sip_control_silent",
                    "The SIP echo's control port %u does not answer: whether the SIP ALG is a proxy that touches "
                    "every port is unknown.",
                    finding->control.port);
}

/* The names of the methods that got no answer at the echo's SIP port. */
static void name_silent(const struct sip_finding *finding, char *names, size_t capacity)
{
    size_t len = 0;

    names[0] = '\0';
    for (unsigned method = 0; method < SIP_METHODS && len < capacity; method++)
        if (finding->fates[SIP_AT_ECHO][method] == SIP_SILENT)
            len += (size_t)snprintf(names + len, capacity - len, "%s%s", len ? ", " : "",
                                    sip_method_name((enum sip_method)method));
}

static void warn_of_silence(const struct sip_finding *finding, struct report *report)
{
    char echo[ADDRESS_TEXT_BYTES], names[64];

    address_format(&finding->echo, echo);
    name_silent(finding, names, sizeof names);
    if (count(finding, SIP_AT_ECHO, SIP_UNREADABLE) > 0)
        report_warn(report, "sip_echo_unreadable",
                    "%s answers SIP, but not as the echo of a vantage does: whether a SIP ALG is there is unknown.",
                    echo);
    else if (arrived(finding, SIP_AT_ECHO) > 0)
        report_warn(report, "sip_unanswered",
                    "Some SIP requests to %s get no answer (%s) while others do: something on the way may drop them. "
                    "Whether a SIP ALG is there is unknown.",
                    echo, names);
    else if (arrived(finding, SIP_AT_CONTROL) > 0)
        report_warn(report, "sip_blocked",
                    "SIP requests to %s get no answer while the same requests to port %u do: port %u is blocked on "
                    "the way, or a SIP ALG swallows them.",
                    echo, finding->control.port, finding->echo.port);
    else
        report_warn(report, "sip_echo_silent",
                    "The SIP echo %s does not answer: whether a SIP ALG is there is unknown.", echo);
}

void sip_verdict_judge(const struct sip_finding *finding, struct report *report)
{
    unsigned sent = SIP_METHODS - count(finding, SIP_AT_ECHO, SIP_NOT_SENT);

    report->nat.sip_alg = TRI_UNKNOWN;
    report->nat.sip_alg_diff[0] = '\0';
    if (count(finding, SIP_AT_ECHO, SIP_REWRITTEN) > 0) {
        report->nat.sip_alg = TRI_YES;
        memcpy(report->nat.sip_alg_diff, finding->diff, sizeof report->nat.sip_alg_diff);
        warn_of_proxy(finding, report);
    } else if (sent > 0 && count(finding, SIP_AT_ECHO, SIP_INTACT) == sent) {
        report->nat.sip_alg = TRI_NO;
    } else {
        warn_of_silence(finding, report);
    }
}
