#include "lab.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define START_US 1000000u
#define EPHEMERAL_FIRST 61000u /* no test plans a port from here on */
#define ENDPOINTS_MAX 70000u
#define STEPS_MAX 20000000u
#define HOUR_US 3600000000u

struct run {
    struct lab *lab;
    struct sweep *sweep;
    struct sim_network *network;
    uint64_t now_us;
    uint64_t estimated_end_us;                         /* when the wait for the end of a block began; 0: none is on */
    uint16_t port_of[ENDPOINTS_MAX - SWEEP_EPHEMERAL]; /* of ephemeral endpoints */
    bool open[ENDPOINTS_MAX];
    uint32_t endpoint_of[65536]; /* of the host's ports; 0 = closed */
    uint32_t opened, ephemerals;
    bool heard[SIM_SERVERS]; /* an answer has come in */
    uint64_t window[65536];  /* when the last packets were sent, a ring */
    uint32_t sent;
    uint32_t oldest;
};

void lab_begin(struct lab *lab, const char *ports)
{
    char message[PORT_LIST_MESSAGE_BYTES];
    memset(lab, 0, sizeof(*lab));
    lab->router = (struct sim_router){.mapping = SIM_ENDPOINT_INDEPENDENT, .filter = SIM_FILTER_ADDRESS_AND_PORT};
    lab->path.delay_us = 5000;
    lab->plan.family = 4;
    lab->plan.mode = MODE_AUTO;
    lab->plan.seed = 42;
    lab->plan.pace_pps = 400;
    lab->plan.server_count = 1;
    for (unsigned i = 0; i < SIM_SERVERS; i++) {
        snprintf(lab->plan.servers[i].name, SERVER_NAME_BYTES, "stun%u.example", i + 1);
        lab->plan.servers[i].address = sim_remote_address(4 * i);
    }
    if (port_list_parse(ports, &lab->plan.ports, message) != 0)
        fail_msg("%s", message);
    for (unsigned port = 1; port < 65536; port++)
        plan_mark_silent(&lab->plan, (uint16_t)port);
}

void lab_forward(struct lab *lab, uint16_t first, uint16_t last)
{
    struct sim_range *forward = lab->router.forwards;
    while (forward->first != 0)
        forward++;
    *forward = (struct sim_range){first, last};
}

void lab_end(struct lab *lab)
{
    report_free(lab->report);
    lab->report = NULL;
}

/* --- actions --- */

static void open_endpoint(struct run *run, uint32_t endpoint)
{
    struct lab *lab = run->lab;
    struct address local = sim_host_address(&lab->router);
    assert_true(endpoint < ENDPOINTS_MAX && !run->open[endpoint]);
    bool ephemeral = endpoint >= SWEEP_EPHEMERAL;
    local.port = ephemeral ? (uint16_t)(EPHEMERAL_FIRST + run->ephemerals++ % 4000) : (uint16_t)endpoint;
    struct port_owner owner = {.pid = 812, .name = "pbx"};
    if (!ephemeral && lab->held.first != 0 && endpoint >= lab->held.first && endpoint <= lab->held.last) {
        sweep_open_failed(run->sweep, run->now_us, endpoint, EADDRINUSE, &owner);
        return;
    }
    if (!ephemeral && run->endpoint_of[local.port] != 0) {
        sweep_open_failed(run->sweep, run->now_us, endpoint, EADDRINUSE, NULL);
        return;
    }
    if (lab->sockets_max != 0 && run->opened >= lab->sockets_max) {
        sweep_open_failed(run->sweep, run->now_us, endpoint, EMFILE, NULL);
        return;
    }
    if (ephemeral)
        run->port_of[endpoint - SWEEP_EPHEMERAL] = local.port;
    run->open[endpoint] = true;
    run->endpoint_of[local.port] = endpoint;
    run->opened++;
    sweep_opened(run->sweep, run->now_us, endpoint, &local);
}

static uint16_t port_of(const struct run *run, uint32_t endpoint)
{
    return endpoint < SWEEP_EPHEMERAL ? (uint16_t)endpoint : run->port_of[endpoint - SWEEP_EPHEMERAL];
}

static void close_endpoint(struct run *run, uint32_t endpoint)
{
    assert_true(run->open[endpoint]);
    run->open[endpoint] = false;
    run->endpoint_of[port_of(run, endpoint)] = 0;
    run->opened--;
}

static bool is_planned_server(const struct lab *lab, const struct address *to)
{
    for (size_t i = 0; i < lab->plan.server_count; i++)
        if (address_equal(&lab->plan.servers[i].address, to))
            return true;
    return false;
}

static void count_packet(struct run *run, const struct sweep_action *action)
{
    struct lab *lab = run->lab;
    unsigned remote = sim_remote_find(&action->to);
    lab->packets++;
    lab->packets_before_answer[remote / 4] += !run->heard[remote / 4];
    assert_true(action->probes || is_planned_server(lab, &action->to));
    if (action->probes && action->endpoint < SWEEP_EPHEMERAL &&
        !plan_is_probed(&lab->plan, (uint16_t)action->endpoint)) {
        plan_mark_probed(&lab->plan, (uint16_t)action->endpoint);
        lab->ports_that_probed++;
    }
    run->window[run->sent++ % 65536] = run->now_us;
    while (run->window[run->oldest % 65536] + 100000 <= run->now_us)
        run->oldest++;
    if (run->sent - run->oldest > lab->most_in_100_ms)
        lab->most_in_100_ms = run->sent - run->oldest;
}

static void send_packet(struct run *run, const struct sweep_action *action)
{
    assert_true(run->open[action->endpoint]);
    count_packet(run, action);
    if (run->lab->send_error != 0 && action->endpoint < SWEEP_EPHEMERAL)
        sweep_send_failed(run->sweep, run->now_us, action->endpoint, run->lab->send_error);
    else
        sim_network_send(run->network, run->now_us, port_of(run, action->endpoint), &action->to, action->packet,
                         action->len);
}

/* --- arrivals --- */

/* Whoever cannot see the packets can only guess: sources, but not transaction ids. */
static void disturb(struct run *run, uint32_t endpoint)
{
    uint8_t forged[44] = {0x01, 0x01, 0, 24, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0x20,
                          0,    8,    0, 1,  0,    0,    1,    2,    3, 4, 0, 1, 0, 8, 0, 1, 1, 1,  9,  9,  9, 9};
    for (unsigned remote = 0; remote < 4; remote++) {
        struct address from = sim_remote_address(remote);
        sweep_received(run->sweep, run->now_us, endpoint, &from, forged, sizeof(forged));
    }
    struct address stranger = {.family = 4, .port = 5060, .ip = {192, 0, 2, 66}};
    sweep_received(run->sweep, run->now_us, endpoint, &stranger, (const uint8_t *)"OPTIONS sip:x SIP/2.0", 21);
}

static void deliver(struct run *run, const struct sim_packet *packet)
{
    struct address remote = sim_remote_address(packet->remote);
    if (!packet->inbound) {
        sim_server_receive(&run->lab->servers[packet->remote / 4], run->network, run->now_us, packet);
        return;
    }
    uint32_t endpoint = run->endpoint_of[packet->inside];
    if (endpoint == 0)
        return;
    if (packet->is_icmp) {
        sweep_icmp(run->sweep, run->now_us, endpoint, &remote, packet->icmp);
        return;
    }
    run->heard[packet->remote / 4] = true;
    if (run->lab->strangers != NULL)
        disturb(run, endpoint);
    if (packet->rewritten)
        remote = sim_router_address();
    sweep_received(run->sweep, run->now_us, endpoint, &remote, packet->bytes, packet->len);
}

static void watch_estimate(struct run *run)
{
    struct sweep_progress progress;
    sweep_get_progress(run->sweep, run->now_us, &progress);
    bool waits = strncmp(progress.stage, "waiting", 7) == 0;
    uint64_t end_us = run->now_us + progress.remaining_us;
    if (waits && run->estimated_end_us != 0 && end_us > run->estimated_end_us + run->lab->slipped_us)
        run->lab->slipped_us = end_us - run->estimated_end_us;
    if (!waits || run->estimated_end_us == 0)
        run->estimated_end_us = waits ? end_us : 0;
}

static void wait_until(struct run *run, uint64_t wake_us)
{
    watch_estimate(run);
    struct lab *lab = run->lab;
    uint64_t next = sim_network_next_us(run->network);
    assert_true(wake_us > run->now_us);
    assert_false(wake_us == UINT64_MAX && next == UINT64_MAX); /* it would wait for ever */
    run->now_us = next < wake_us ? (next > run->now_us ? next : run->now_us) : wake_us;
    if (lab->cancel_at_us != 0 && run->now_us >= START_US + lab->cancel_at_us) {
        run->now_us = START_US + lab->cancel_at_us;
        lab->cancel_at_us = 0;
        sweep_cancel(run->sweep, run->now_us);
    }
    struct sim_packet packet;
    while (sim_network_take(run->network, run->now_us, &packet))
        deliver(run, &packet);
    assert_true(run->now_us < START_US + HOUR_US);
}

static bool step(struct run *run)
{
    struct sweep_action action;
    switch (sweep_next(run->sweep, run->now_us, &action)) {
    case SWEEP_OPEN: open_endpoint(run, action.endpoint); return true;
    case SWEEP_SEND: send_packet(run, &action); return true;
    case SWEEP_CLOSE: close_endpoint(run, action.endpoint); return true;
    case SWEEP_WAIT: wait_until(run, action.wake_us); return true;
    case SWEEP_DONE: break;
    }
    return false;
}

/* Then one of them may stand in for the ephemeral ones. */
static bool only_ports_get_out(const struct lab *lab)
{
    const struct sim_range *blocked = &lab->router.blocked, *silenced = &lab->router.silenced;
    return silenced->last >= EPHEMERAL_FIRST || (lab->router.block != SIM_PASS && blocked->last >= EPHEMERAL_FIRST);
}

static void check_invariants(const struct lab *lab, const struct run *run)
{
    assert_in_range(lab->ports_that_probed, 0, only_ports_get_out(lab) ? lab->plan.server_count : 0);
    for (unsigned i = 0; i < SIM_SERVERS; i++)
        assert_in_range(lab->packets_before_answer[i], 0, 20);
    assert_int_equal(run->opened, 0);
    if (lab->plan.pace_pps != 0)
        assert_in_range(lab->most_in_100_ms, 0, lab->plan.pace_pps / 10 + lab->plan.pace_pps / 500 + 2);
}

/* With LAB_SHOW in the environment: what a failing test saw. */
static void show(const struct lab *lab)
{
    printf("%s: %s\n%u packets in %.3f s\n", outcome_word(lab->report->outcome), lab->report->message, lab->packets,
           (double)lab->took_us / 1e6);
    for (size_t i = 0; i < lab->report->port_count; i++) {
        const struct port_result *result = &lab->report->ports[i];
        const char *reason = reason_word(result->reason);
        printf("%u %s %s reached %d inbound %d unsolicited %d attempts %d\n", result->port,
               verdict_word(result->verdict), reason == NULL ? "" : reason, result->reached, result->inbound,
               result->unsolicited, result->attempts);
    }
}

void lab_sweep(struct lab *lab)
{
    struct run *run = calloc(1, sizeof(*run));
    assert_non_null(run);
    run->lab = lab;
    run->now_us = START_US;
    run->network = sim_network_create(&lab->router, &lab->path, lab->plan.seed);
    run->sweep = sweep_create(&lab->plan, run->now_us);
    assert_true(run->sweep != NULL || lab->memory_short);
    uint64_t steps = 0;
    while (run->sweep != NULL && step(run))
        assert_true(++steps < STEPS_MAX);
    lab->took_us = run->now_us - START_US;
    lab->strangers_in = sim_network_strangers(run->network);
    if (run->sweep != NULL)
        lab->report = sweep_take_report(run->sweep);
    assert_true(lab->report != NULL || lab->memory_short);
    if (getenv("LAB_SHOW") != NULL && lab->report != NULL)
        show(lab);
    check_invariants(lab, run);
    sweep_destroy(run->sweep);
    sim_network_destroy(run->network);
    free(run);
}

/* --- looking --- */

const struct port_result *lab_port(const struct lab *lab, uint16_t port)
{
    for (size_t i = 0; i < lab->report->port_count; i++)
        if (lab->report->ports[i].port == port)
            return &lab->report->ports[i];
    fail_msg("port %u is not in the report", port);
    return NULL;
}

uint32_t lab_count(const struct lab *lab, enum verdict verdict)
{
    uint32_t count = 0;
    for (size_t i = 0; i < lab->report->port_count; i++)
        count += lab->report->ports[i].verdict == verdict;
    return count;
}

static void compare_words(const char *what, const char *expected, const char *got)
{
    expected = expected == NULL ? "none" : expected;
    got = got == NULL ? "none" : got;
    if (strcmp(expected, got) != 0)
        fail_msg("%s: expected %s, got %s", what, expected, got);
}

void lab_expect_outcome(const struct lab *lab, enum outcome outcome)
{
    compare_words(lab->report->message, outcome_word(outcome), outcome_word(lab->report->outcome));
}

void lab_expect_class(const struct lab *lab, enum nat_class nat_class)
{
    compare_words("NAT class", nat_class_word(nat_class), nat_class_word(lab->report->nat.nat_class));
}

static void expect_result(const struct port_result *result, enum verdict verdict, enum reason reason)
{
    char what[32];
    snprintf(what, sizeof(what), "port %u", result->port);
    compare_words(what, verdict_word(verdict), verdict_word(result->verdict));
    compare_words(what, reason_word(reason), reason_word(result->reason));
}

void lab_expect_port(const struct lab *lab, uint16_t port, enum verdict verdict, enum reason reason)
{
    expect_result(lab_port(lab, port), verdict, reason);
}

void lab_expect_all(const struct lab *lab, enum verdict verdict, enum reason reason)
{
    for (size_t i = 0; i < lab->report->port_count; i++)
        expect_result(&lab->report->ports[i], verdict, reason);
}
