#include "sweep/lifetime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_server.h"

#include <string.h>

#define SECOND UINT64_C(1000000)
#define RTT_US 10000u
#define ENDPOINTS 256
#define IN_FLIGHT 128

static const struct address server = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}};
static const struct address public = {.family = 4, .ip = {203, 0, 113, 2}};

struct datagram {
    uint64_t at_us;
    uint32_t endpoint;
    size_t len;
    uint8_t bytes[FAKE_SERVER_BYTES];
};

/* One host behind a NAT that forgets, and one server. */
struct bench {
    struct plan plan;
    struct report *report;
    struct side_test *test;
    uint64_t now_us, lifetime_us;
    uint64_t server_dies_us; /* 0 = never */
    bool no_response_port, fewer_sockets;
    unsigned lose_every; /* so many-th packet is lost; 0 = none */
    unsigned sends;
    uint64_t used_us[ENDPOINTS]; /* when a packet last crossed the endpoint's mapping */
    struct datagram queue[IN_FLIGHT];
    size_t queued;
};

static void set_up(struct bench *bench, uint64_t lifetime_us)
{
    memset(bench, 0, sizeof *bench);
    bench->plan = (struct plan){.family = 4, .seed = 11, .pace_pps = 400};
    bench->report = report_create(0, 0);
    assert_non_null(bench->report);
    bench->report->server_address = server;
    bench->now_us = SECOND;
    bench->lifetime_us = lifetime_us;
    bench->test = lifetime_create(&bench->plan, bench->report);
    assert_non_null(bench->test);
}

static uint16_t mapped_port(uint32_t endpoint)
{
    return (uint16_t)(20000 + endpoint - SWEEP_EPHEMERAL);
}

static void send_packet(struct bench *bench, const struct sweep_action *action)
{
    struct address mapped = public;
    uint32_t from = action->endpoint - SWEEP_EPHEMERAL;
    uint16_t response_port = fake_server_response_port(action);
    uint32_t to = response_port && !bench->no_response_port ? response_port - 20000u : from;
    bench->used_us[from] = bench->now_us;
    bench->sends++;
    if (bench->server_dies_us && bench->now_us >= bench->server_dies_us)
        return;
    if (bench->lose_every && bench->sends % bench->lose_every == 0)
        return;
    if (to != from && bench->now_us - bench->used_us[to] > bench->lifetime_us)
        return;
    bench->used_us[to] = bench->now_us;
    mapped.port = mapped_port(action->endpoint);
    assert_true(bench->queued < IN_FLIGHT);
    struct datagram *datagram = &bench->queue[bench->queued++];
    datagram->at_us = bench->now_us + RTT_US;
    datagram->endpoint = SWEEP_EPHEMERAL + to;
    datagram->len = fake_server_answer(action, &mapped, datagram->bytes);
}

static void wait_until(struct bench *bench, uint64_t wake_us)
{
    for (size_t i = 0; i < bench->queued; i++)
        if (bench->queue[i].at_us < wake_us)
            wake_us = bench->queue[i].at_us;
    assert_true(wake_us != UINT64_MAX);
    if (wake_us > bench->now_us)
        bench->now_us = wake_us;
    for (size_t i = 0; i < bench->queued; i++)
        if (bench->queue[i].at_us <= bench->now_us) {
            struct datagram datagram = bench->queue[i];
            bench->queue[i--] = bench->queue[--bench->queued];
            bench->test->received(bench->test, bench->now_us, datagram.endpoint, &server, datagram.bytes, datagram.len);
        }
}

static void open_endpoint(struct bench *bench, uint32_t endpoint)
{
    struct address local = {.family = 4, .port = mapped_port(endpoint), .ip = {192, 168, 77, 2}};
    assert_true(endpoint - SWEEP_EPHEMERAL < ENDPOINTS);
    bool refused = bench->fewer_sockets && endpoint > SWEEP_EPHEMERAL + 5;
    bench->test->opened(bench->test, endpoint, refused ? NULL : &local);
}

/* Runs to the end, and returns what the report says. */
static int32_t run(struct bench *bench)
{
    struct sweep_action action = {0};
    for (enum sweep_action_kind kind; (kind = bench->test->next(bench->test, bench->now_us, &action)) != SWEEP_DONE;) {
        if (kind == SWEEP_OPEN)
            open_endpoint(bench, action.endpoint);
        else if (kind == SWEEP_SEND)
            send_packet(bench, &action);
        else
            wait_until(bench, action.wake_us);
    }
    lifetime_conclude(bench->test, bench->report);
    bench->test->destroy(bench->test);
    return bench->report->nat.binding_lifetime_s;
}

static void the_lifetime_is_found_within_a_few_percent(void **state)
{
    (void)state;
    static const uint16_t lifetimes_s[] = {2, 3, 5, 10, 30, 60, 100, 180, 290};
    for (size_t i = 0; i < ARRAY_LEN(lifetimes_s); i++) {
        struct bench bench;
        set_up(&bench, lifetimes_s[i] * SECOND);
        int32_t found_s = run(&bench);
        assert_in_range(found_s * 20, lifetimes_s[i] * 19 - 10, lifetimes_s[i] * 21 + 10);
        assert_int_equal(bench.report->warning_count, 0);
        assert_true(bench.now_us < (4 * (uint64_t)lifetimes_s[i] + 10) * SECOND);
        report_free(bench.report);
    }
}

static void loss_does_not_shorten_it(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 30 * SECOND);
    bench.lose_every = 4;
    assert_in_range(run(&bench), 28, 31);
    report_free(bench.report);
}

static void a_longer_one_than_was_waited_for_is_said(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 3600 * SECOND);
    assert_int_equal(run(&bench), LIFETIME_MAX_S);
    assert_string_equal(bench.report->warnings[0].code, "lifetime_long");
    report_free(bench.report);
}

static void assert_unknown(struct bench *bench)
{
    assert_int_equal(run(bench), -1);
    assert_string_equal(bench->report->warnings[0].code, "lifetime_unknown");
    report_free(bench->report);
}

static void a_server_without_response_port_cannot_tell(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 30 * SECOND);
    bench.no_response_port = true;
    assert_unknown(&bench);
    assert_true(bench.now_us < 10 * SECOND);
}

/* Its silence is no mapping's end. */
static void a_server_that_dies_cannot_tell(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 60 * SECOND);
    bench.server_dies_us = 20 * SECOND;
    assert_unknown(&bench);
    assert_true(bench.now_us < 30 * SECOND);
}

static void a_silent_server_gets_a_handful_of_packets(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 60 * SECOND);
    bench.server_dies_us = 1;
    assert_unknown(&bench);
    assert_true(bench.sends <= 5);
}

static void without_sockets_nobody_can_tell(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 30 * SECOND);
    bench.fewer_sockets = true;
    assert_unknown(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lifetime_is_found_within_a_few_percent),
        cmocka_unit_test(loss_does_not_shorten_it),
        cmocka_unit_test(a_longer_one_than_was_waited_for_is_said),
        cmocka_unit_test(a_server_without_response_port_cannot_tell),
        cmocka_unit_test(a_server_that_dies_cannot_tell),
        cmocka_unit_test(a_silent_server_gets_a_handful_of_packets),
        cmocka_unit_test(without_sockets_nobody_can_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
