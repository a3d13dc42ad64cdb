#include "sweep/summary.h"

#include "sweep/accusation.h"
#include "sweep/behaviour.h"

#include <string.h>

static void judge_port(const struct sweep *sweep, uint32_t index, struct port_result *result)
{
    const struct port_range *range = roster_range(sweep->roster, index, &result->port);
    result->transport = range->transport;
    result->role = range->role;
    result->expect = range->expect;
    result->rtt_us = RTT_UNKNOWN_US;
    if (index >= roster_udp_size(sweep->roster)) {
        result->verdict = VERDICT_NOT_TESTED;
        result->reason = REASON_NO_TURN_CREDENTIALS;
        return;
    }
    struct observation seen = sweep->seen[index];
    seen.probed = plan_is_probed(sweep->plan, result->port);
    if (sweep->end == SWEEP_END_CANCELLED && seen.reason == REASON_NEVER_REACHED)
        seen.reason = REASON_CANCELLED;
    result->live = sweep->plan->live && seen.t1 != TEST_NOT_MADE;
    verdict_judge(&seen, &sweep->circumstances[seen.server], plan_is_silent(sweep->plan, result->port), result);
}

static void write_nat(const struct sweep *sweep, struct nat_facts *nat)
{
    struct nat_behaviour behaviour = behaviour_of(&sweep->told);
    nat->nat_class = (uint8_t)behaviour.nat_class;
    nat->mapping = (uint8_t)behaviour.mapping;
    nat->filtering = (uint8_t)behaviour.filtering;
    nat->port_preservation = (uint8_t)behaviour.port_preservation;
    nat->generic_alg = (uint8_t)sweep->told.rewritten;
    nat->binding_lifetime_s = -1;
}

static void write_path(const struct sweep *sweep, struct path_facts *path)
{
    const struct circumstances *around = &sweep->circumstances[sweep->told_server];
    path->sends_needed = (uint8_t)around->sends_needed;
    path->loss_too_high = around->loss_too_high;
    if (address_known(&sweep->told.other))
        path->second_heard = sweep->told.second_heard ? TRI_YES : TRI_NO;
}

static struct address without_port(struct address address)
{
    address.port = 0;
    return address;
}

static void write_addresses(const struct sweep *sweep, struct report *report)
{
    const struct qualification *qualification = &sweep->told;
    const struct plan_server *server = &sweep->plan->servers[sweep->told_server];
    if (sweep->plan->server_count > 0) {
        memcpy(report->server_name, server->name, sizeof(report->server_name));
        report->server_address = server->address;
    }
    report->server_other_address = qualification->other;
    report->local_address = without_port(qualification->locals[ROLE_CONTROL]);
    if (qualification_mapping_false(qualification))
        return;
    report->public_address = without_port(qualification->records[PROBE_BASIC].mapped);
    for (size_t i = 0; i < report->port_count && !address_known(&report->public_address); i++)
        report->public_address = without_port(report->ports[i].mapped);
}

/* The warning that goes with TEST_REWRITTEN. */
static void warn_rewritten(const struct sweep *sweep, struct report *report)
{
    char rewriter[ADDRESS_TEXT_BYTES];
    if (!address_known(&sweep->rewriter))
        return;
    address_format_ip(&sweep->rewriter, rewriter);
    report_warn(report, OUTCOME_SOURCE_REWRITTEN,
                "What the STUN server %s sends to this host's ports arrives as if %s had sent it: the router rewrites "
                "the source of what it forwards (masquerading, source NAT on what comes in), so this host cannot tell "
                "who calls, and whom the router lets in cannot be told.",
                report->server_name, rewriter);
}

static void warn(const struct sweep *sweep, struct report *report)
{
    const struct qualification *qualification = &sweep->told;
    accusation_warn(qualification, report);
    if (qualification->rewritten == TRI_YES)
        report_warn(report, "generic_alg", "Something on the way rewrites addresses inside packets.");
    if (sweep->circumstances[sweep->told_server].loss_too_high)
        report_warn(report, "loss", "Too many packets are lost to tell a closed port from a lost answer.");
    warn_rewritten(sweep, report);
    if (sweep->limited)
        report_warn(report, OUTCOME_RATE_LIMIT,
                    "Ports that were silent in the sweep answer when they are asked one at a time: the router, this "
                    "host's firewall or the server seems to drop what is above some number of new connections or "
                    "packets a second.");
    for (size_t i = 0; i < report->port_count; i++)
        if (address_known(&report->public_address) && address_known(&report->ports[i].mapped) &&
            !address_same_ip(&report->ports[i].mapped, &report->public_address))
            report_warn(report, "several_public_addresses", "Ports leave by more than one public address.");
}

struct report *summary_report(const struct sweep *sweep)
{
    struct report *report = report_create(roster_size(sweep->roster), 0);
    if (report == NULL)
        return NULL;
    for (uint32_t i = 0; i < roster_size(sweep->roster); i++)
        judge_port(sweep, i, &report->ports[i]);
    for (size_t i = 0; i < sweep->held_count; i++)
        report_set_owner(report, &report->ports[sweep->held[i].index], &sweep->held[i].owner);
    report->family = sweep->plan->family;
    report->started_at_us = sweep->plan->started_at_us;
    report->duration_us = sweep->ended_us - sweep->started_us;
    write_nat(sweep, &report->nat);
    write_path(sweep, &report->path);
    write_addresses(sweep, report);
    warn(sweep, report);
    outcome_conclude(report, &sweep->plan->ports, sweep->end);
    return report;
}
