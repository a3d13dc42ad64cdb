#include "sweep/hairpin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_server.h"

#include <string.h>

#define LEFT_PORT 41000u
#define RIGHT_PORT 41001u
#define FORWARDED 9000

static const struct address server = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}};
static const struct address host = {.family = 4, .ip = {192, 168, 77, 2}};
static const struct address public = {.family = 4, .ip = {203, 0, 113, 2}};

/* The router: what it turns round, and how it says no. */
struct router {
    bool no_nat, dead_server;
    bool turns_mapped, filters; /* mapped addresses; only whom the mapping's owner has sent to */
    bool turns_forward;
    bool refuses; /* by ICMP, else by silence */
    bool held;    /* the forwarded port cannot be listened at */
    unsigned sends;
    bool sent_to_left, sent_to_right;
};

struct bench {
    struct plan plan;
    struct report *report;
    struct router router;
    struct side_test *test;
    uint64_t now_us;
};

static void set_up(struct bench *bench, bool forwarded)
{
    memset(bench, 0, sizeof *bench);
    bench->plan = (struct plan){.family = 4, .seed = 7};
    bench->report = report_create(1, 0);
    assert_non_null(bench->report);
    bench->report->server_address = server;
    bench->report->public_address = public;
    bench->report->ports[0] = (struct port_result){
        .port = FORWARDED, .transport = TRANSPORT_UDP, .unsolicited = forwarded ? TRI_YES : TRI_NO};
    bench->now_us = 1000000;
    bench->test = hairpin_create(&bench->plan, bench->report);
    assert_non_null(bench->test);
}

static void open_endpoint(struct bench *bench, uint32_t endpoint)
{
    struct address local = host;
    local.port = (uint16_t)(endpoint < SWEEP_EPHEMERAL ? endpoint : LEFT_PORT + endpoint - SWEEP_EPHEMERAL);
    bool held = endpoint < SWEEP_EPHEMERAL && bench->router.held;
    bench->test->opened(bench->test, endpoint, held ? NULL : &local);
}

static void ask_server(struct bench *bench, const struct sweep_action *action)
{
    uint8_t bytes[FAKE_SERVER_BYTES];
    struct address mapped = bench->router.no_nat ? host : public;
    mapped.port = (uint16_t)(LEFT_PORT + action->endpoint - SWEEP_EPHEMERAL);
    if (bench->router.dead_server)
        return;
    size_t len = fake_server_answer(action, &mapped, bytes);
    bench->test->received(bench->test, bench->now_us, action->endpoint, &server, bytes, len);
}

static bool let_through(struct router *router, const struct sweep_action *action)
{
    if (action->to.port == FORWARDED)
        return router->turns_forward;
    bool *out = action->to.port == LEFT_PORT ? &router->sent_to_left : &router->sent_to_right;
    bool back = action->to.port == LEFT_PORT ? router->sent_to_right : router->sent_to_left;
    *out = true;
    return router->turns_mapped && (!router->filters || back);
}

static void turn_round(struct bench *bench, const struct sweep_action *action)
{
    struct router *router = &bench->router;
    uint32_t to = action->to.port == FORWARDED ? FORWARDED : SWEEP_EPHEMERAL + action->to.port - LEFT_PORT;
    struct address from = public;
    from.port = (uint16_t)(LEFT_PORT + action->endpoint - SWEEP_EPHEMERAL);
    router->sends++;
    assert_true(action->endpoint >= SWEEP_EPHEMERAL); /* never from a port under test */
    assert_true(address_same_ip(&action->to, &public));
    if (let_through(router, action))
        bench->test->received(bench->test, bench->now_us, to, &from, action->packet, action->len);
    else if (router->refuses)
        bench->test->refused(bench->test, action->endpoint, &action->to);
}

static enum tri run(struct bench *bench)
{
    struct sweep_action action = {0};
    for (enum sweep_action_kind kind; (kind = bench->test->next(bench->test, bench->now_us, &action)) != SWEEP_DONE;) {
        if (kind == SWEEP_OPEN)
            open_endpoint(bench, action.endpoint);
        else if (kind == SWEEP_WAIT)
            bench->now_us = action.wake_us;
        else if (address_equal(&action.to, &server))
            ask_server(bench, &action);
        else
            turn_round(bench, &action);
    }
    enum tri result = hairpin_result(bench->test);
    bench->test->destroy(bench->test);
    report_free(bench->report);
    return result;
}

static void a_router_that_turns_packets_round_hairpins(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, false);
    bench.router.turns_mapped = true;
    assert_int_equal(run(&bench), TRI_YES);
    assert_int_equal(bench.router.sends, 1);
}

static void one_that_filters_does_so_too_once_both_have_sent(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, false);
    bench.router.turns_mapped = bench.router.filters = true;
    assert_int_equal(run(&bench), TRI_YES);
}

static void one_that_serves_its_forwards_only_does_so_too(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, true);
    bench.router.turns_forward = true;
    assert_int_equal(run(&bench), TRI_YES);
}

static void silence_is_no(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, true);
    assert_int_equal(run(&bench), TRI_NO);
    assert_int_equal(bench.router.sends, 9);
}

static void a_refusal_is_a_quick_no(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, true);
    bench.router.refuses = true;
    assert_int_equal(run(&bench), TRI_NO);
    assert_int_equal(bench.router.sends, 6);
    assert_int_equal(bench.now_us, 1000000); /* it waited for nothing */
}

static void with_a_held_port_the_others_can_say_yes_only(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, true);
    bench.router.held = bench.router.turns_forward = true;
    assert_int_equal(run(&bench), TRI_UNKNOWN);
    assert_int_equal(bench.router.sends, 6);
    set_up(&bench, true);
    bench.router.held = bench.router.turns_mapped = true;
    assert_int_equal(run(&bench), TRI_YES);
}

static void without_nat_or_server_nobody_knows(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, false);
    bench.router.no_nat = bench.router.turns_mapped = true;
    assert_int_equal(run(&bench), TRI_UNKNOWN);
    set_up(&bench, false);
    bench.router.dead_server = bench.router.turns_mapped = true;
    assert_int_equal(run(&bench), TRI_UNKNOWN);
    assert_int_equal(bench.router.sends, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_router_that_turns_packets_round_hairpins),
        cmocka_unit_test(one_that_filters_does_so_too_once_both_have_sent),
        cmocka_unit_test(one_that_serves_its_forwards_only_does_so_too),
        cmocka_unit_test(silence_is_no),
        cmocka_unit_test(a_refusal_is_a_quick_no),
        cmocka_unit_test(with_a_held_port_the_others_can_say_yes_only),
        cmocka_unit_test(without_nat_or_server_nobody_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
