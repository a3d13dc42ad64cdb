#include "runner/runner.h"

#include "base/clock.h"
#include "runner/side_runner.h"
#include "runner/sip_alg_runner.h"
#include "runner/surroundings.h"
#include "runner/tcp_runner.h"
#include "runner/udp_runner.h"
#include "sweep/hairpin.h"
#include "sweep/lifetime.h"
#include "sweep/outcome.h"

#include <errno.h>
#include <string.h>

struct run {
    struct plan *plan;
    const struct runner_hooks *hooks;
    struct report *report;
    enum sweep_end end;
};

/* The TURN server is the STUN server that was used, unless another one is named. */
static bool turn_server(const struct run *run, struct address *server)
{
    const struct plan_server *turn = &run->plan->turn;
    *server = turn->address;
    if (turn->name[0] != '\0') {
        if (!address_known(server))
            report_warn(run->report, "turn_unresolved",
                        "TCP ports were not tested: the TURN server %s cannot be resolved.", turn->name);
        return address_known(server);
    }
    *server = run->report->server_address;
    if (!address_known(server) && run->plan->server_count > 0)
        *server = run->plan->servers[0].address;
    return address_known(server);
}

static bool has_tcp_ports(const struct report *report)
{
    return report->port_count > 0 && report->ports[report->port_count - 1].transport == TRANSPORT_TCP;
}

/* A server that answers neither over UDP nor over TCP is down: that says nothing about this site's ports. */
static void excuse_tcp_ports(struct report *report)
{
    for (size_t i = 0; i < report->port_count; i++) {
        struct port_result *port = &report->ports[i];
        if (port->transport != TRANSPORT_TCP)
            continue;
        port->verdict = VERDICT_NOT_TESTED;
        port->reason = REASON_NEVER_REACHED;
        port->reached = TRI_UNKNOWN;
    }
}

static void test_tcp_ports(struct run *run)
{
    struct address server;
    bool cancelled, answered;
    if (run->end == SWEEP_END_CANCELLED || run->plan->user[0] == '\0' || !has_tcp_ports(run->report) ||
        !turn_server(run, &server))
        return;
    int rc = tcp_runner_run(run->plan, &server, run->hooks, run->report, &cancelled, &answered);
    if (rc != 0) {
        report_warn(run->report, "tcp_not_tested", "TCP ports could not be tested to their end: %s.", strerror(-rc));
        return;
    }
    if (cancelled)
        run->end = SWEEP_END_CANCELLED;
    if (run->end == SWEEP_END_NO_ANSWER && answered)
        run->report->nat.nat_class = NAT_CLASS_UDP_BLOCKED;
    else if (run->end == SWEEP_END_NO_ANSWER)
        excuse_tcp_ports(run->report);
}

/* Nothing answered over UDP: does the server answer over TCP? Then UDP is blocked; else the server may just be down. */
static void look_for_blocked_udp(struct run *run)
{
    struct address server;
    bool cancelled = false, answered = false;
    if (run->end != SWEEP_END_NO_ANSWER || run->report->nat.nat_class == NAT_CLASS_UDP_BLOCKED ||
        !turn_server(run, &server))
        return;
    struct report *no_ports = report_create(0, 0);
    if (no_ports && tcp_runner_run(run->plan, &server, run->hooks, no_ports, &cancelled, &answered) == 0 && answered)
        run->report->nat.nat_class = NAT_CLASS_UDP_BLOCKED;
    if (cancelled)
        run->end = SWEEP_END_CANCELLED;
    report_free(no_ports);
}

/* Runs a test beside the ports', NULL when memory was short. Returns whether it came to its end. */
static bool run_side_test(struct run *run, struct side_test *test)
{
    bool cancelled = false;
    int rc = test ? side_runner_run(run->plan, run->hooks, run->report, test, &cancelled) : -ENOMEM;
    if (rc != 0)
        report_warn(run->report, "nat_not_tested", "The NAT's behaviour was not tested to its end: %s.", strerror(-rc));
    if (cancelled)
        run->end = SWEEP_END_CANCELLED;
    return rc == 0 && !cancelled;
}

static void measure_lifetime(struct run *run)
{
    if (run->end == SWEEP_END_CANCELLED || !run->plan->binding_lifetime)
        return;
    struct side_test *lifetime = lifetime_create(run->plan, run->report);
    if (run_side_test(run, lifetime))
        lifetime_conclude(lifetime, run->report);
    if (lifetime)
        lifetime->destroy(lifetime);
}

static void test_nat(struct run *run)
{
    struct report *report = run->report;
    if (run->end == SWEEP_END_CANCELLED || !address_known(&report->server_address) ||
        !address_known(&report->public_address) || !address_known(&report->local_address))
        return;
    surroundings_look(run->hooks, report);
    if (address_same_ip(&report->public_address, &report->local_address))
        return;
    struct side_test *hairpin = hairpin_create(run->plan, report);
    if (run_side_test(run, hairpin))
        report->nat.hairpin = (uint8_t)hairpin_result(hairpin);
    if (hairpin)
        hairpin->destroy(hairpin);
    measure_lifetime(run);
}

/* After all ports, since what an INVITE opens in a router would fake a pass; but while port 5060 is ours still. */
static void look_for_sip_alg(struct run *run)
{
    bool cancelled = false;
    if (run->end == SWEEP_END_CANCELLED)
        return;
    int rc = sip_alg_runner_run(run->plan, run->hooks, run->report, &cancelled);
    if (rc != 0)
        report_warn(run->report, "sip_alg_not_tested", "The SIP ALG test could not be made: %s.", strerror(-rc));
    if (cancelled)
        run->end = SWEEP_END_CANCELLED;
}

/* What needs the ports, up to the plan's deadline. */
static int use_ports(struct run *run)
{
    int rc = udp_runner_run(run->plan, run->hooks, &run->report, &run->end);
    if (rc != 0)
        return rc;
    test_tcp_ports(run);
    look_for_sip_alg(run);
    if (run->hooks->ports_free)
        run->hooks->ports_free(run->hooks->ports_argument, run->report);
    return 0;
}

int runner_run(struct plan *plan, const struct runner_hooks *hooks, struct report **out)
{
    struct run run = {.plan = plan, .hooks = hooks};
    uint64_t started_us = clock_monotonic_us();
    plan->ports_until_us = plan->deadline_us > 0 ? started_us + plan->deadline_us : 0;
    int rc = use_ports(&run);
    if (rc != 0)
        return rc;
    look_for_blocked_udp(&run);
    test_nat(&run);
    run.report->duration_us = clock_monotonic_us() - started_us;
    outcome_conclude(run.report, &plan->ports, run.end);
    *out = run.report;
    return 0;
}
