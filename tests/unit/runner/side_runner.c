/* What a test beside the ports' sees of the network: scripted ones send to each other over loopback. */
#include "runner/side_runner.h"

#include "base/clock.h"
#include "net/udp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/eventfd.h>
#include <unistd.h>

#define PATIENCE_US UINT64_C(10000000)

static const uint8_t packet[20] = {0x00, 0x01, 0, 0, 0x21, 0x12, 0xA4, 0x42, 's', 'i', 'd', 'e'};

/* Opens two endpoints, sends from the second to the first or to `elsewhere`, and waits for what comes of it. */
struct script {
    struct side_test test;
    unsigned opened, sent, received, refused;
    struct address locals[2], elsewhere, from, refused_to;
    struct port_list tested; /* of the plan */
    uint32_t at, first;      /* the number of the first endpoint */
    bool failed, waits;
    uint64_t give_up_us;
};

static enum sweep_action_kind next(struct side_test *test, uint64_t now_us, struct sweep_action *action)
{
    struct script *script = (struct script *)test;
    bool refused_elsewhere = script->refused > 0 && address_known(&script->elsewhere);
    bool over = script->received > 0 || refused_elsewhere || script->failed;
    if (script->give_up_us == 0)
        script->give_up_us = now_us + PATIENCE_US;
    if ((over && !script->waits) || now_us >= script->give_up_us)
        return SWEEP_DONE;
    if (script->opened < 2) {
        action->endpoint = script->opened == 0 ? script->first : SWEEP_EPHEMERAL + 1;
        return SWEEP_OPEN;
    }
    if (script->sent++ == 0) {
        *action = (struct sweep_action){.endpoint = SWEEP_EPHEMERAL + 1, .packet = packet, .len = sizeof packet};
        action->to = address_known(&script->elsewhere) ? script->elsewhere : script->locals[0];
        return SWEEP_SEND;
    }
    action->wake_us = script->give_up_us;
    return SWEEP_WAIT;
}

static void opened(struct side_test *test, uint32_t endpoint, const struct address *local)
{
    struct script *script = (struct script *)test;
    (void)endpoint;
    script->failed |= local == NULL;
    if (local)
        script->locals[script->opened] = *local;
    script->opened++;
}

static void received(struct side_test *test, uint64_t now_us, uint32_t endpoint, const struct address *from,
                     const uint8_t *bytes, size_t len)
{
    struct script *script = (struct script *)test;
    (void)now_us;
    assert_int_equal(len, sizeof packet);
    assert_memory_equal(bytes, packet, len);
    script->received++;
    script->at = endpoint;
    script->from = *from;
}

static void refused(struct side_test *test, uint32_t endpoint, const struct address *to)
{
    struct script *script = (struct script *)test;
    assert_int_equal(endpoint, SWEEP_EPHEMERAL + 1); /* the one that sends */
    script->refused++;
    script->refused_to = *to;
}

static struct script make_script(uint32_t first)
{
    return (struct script){
        .test = {.stage = "testing", .next = next, .opened = opened, .received = received, .refused = refused},
        .first = first};
}

static int run_with(struct script *script, bool live, const struct runner_hooks *hooks, bool *cancelled)
{
    struct plan plan = {.family = 4, .live = live, .ports = script->tested};
    struct report *report = report_create(0, 0);
    assert_non_null(report);
    report->server_address = (struct address){.family = 4, .port = 3478, .ip = {127, 0, 0, 1}};
    int rc = side_runner_run(&plan, hooks, report, &script->test, cancelled);
    report_free(report);
    return rc;
}

static int run(struct script *script, bool live, int cancel_fd, bool *cancelled)
{
    struct runner_hooks hooks = {.cancel_fd = cancel_fd};
    return run_with(script, live, &hooks, cancelled);
}

static void an_ephemeral_endpoint_hears_and_knows_its_address(void **state)
{
    (void)state;
    struct script script = make_script(SWEEP_EPHEMERAL);
    bool cancelled;
    assert_int_equal(run(&script, false, -1, &cancelled), 0);
    assert_false(cancelled);
    assert_int_equal(script.received, 1);
    assert_int_equal(script.at, SWEEP_EPHEMERAL);
    assert_true(address_equal(&script.from, &script.locals[1]));
    assert_int_equal(script.locals[0].ip[0], 127); /* of the route to the server */
}

/* The PBX, which may have been started again, or one that is restarted in the middle of a live sweep, needs them. */
static void an_ephemeral_endpoint_is_at_no_port_under_test(void **state)
{
    (void)state;
    struct script script = make_script(SWEEP_EPHEMERAL);
    char message[PORT_LIST_MESSAGE_BYTES];
    bool cancelled;
    assert_int_equal(port_list_parse("1-9989/udp,10000-65535/udp", &script.tested, message), 0);
    assert_int_equal(run(&script, false, -1, &cancelled), 0);
    assert_int_equal(script.received, 1);
    for (unsigned i = 0; i < 2; i++)
        assert_in_range(script.locals[i].port, 9990, 9999);
}

/* A port that nobody has bound now. */
static uint16_t free_port(void)
{
    struct address local = {.family = 4, .ip = {127, 0, 0, 1}};
    uint16_t port;
    int fd = udp_socket_open(&local);
    assert_int_equal(udp_socket_port(fd, &port), 0);
    close(fd);
    return port;
}

static void a_port_under_test_is_bound_or_heard_live(void **state)
{
    (void)state;
    for (unsigned live = 0; live < 2; live++) {
        struct script script = make_script(free_port());
        bool cancelled;
        assert_int_equal(run(&script, live != 0, -1, &cancelled), 0);
        if (live && script.failed)
            skip(); /* no CAP_NET_RAW */
        assert_int_equal(script.received, 1);
        assert_int_equal(script.at, script.first);
    }
}

static void a_held_port_is_told(void **state)
{
    (void)state;
    struct address local = {.family = 4, .ip = {127, 0, 0, 1}};
    uint16_t port;
    int fd = udp_socket_open(&local);
    assert_int_equal(udp_socket_port(fd, &port), 0);
    struct script script = make_script(port);
    bool cancelled;
    assert_int_equal(run(&script, false, -1, &cancelled), 0);
    assert_true(script.failed);
    close(fd);
}

static void take_port(void *argument, struct report *report)
{
    (void)argument;
    (void)report;
}

static void a_port_that_was_given_back_is_not_bound(void **state)
{
    (void)state;
    struct address local = {.family = 4, .ip = {127, 0, 0, 1}};
    struct runner_hooks hooks = {.cancel_fd = -1, .ports_free = take_port};
    struct script script = make_script(0);
    bool cancelled;
    int fd = udp_socket_open(&local); /* its owner is back already */
    assert_int_equal(udp_socket_port(fd, &local.port), 0);
    script.first = local.port;
    assert_int_equal(run_with(&script, false, &hooks, &cancelled), 0);
    if (!script.failed) /* CAP_NET_RAW */
        assert_int_equal(script.received, 1);
    close(fd);
}

static void a_refusal_is_told(void **state)
{
    (void)state;
    struct script script = make_script(SWEEP_EPHEMERAL);
    bool cancelled;
    script.elsewhere = (struct address){.family = 4, .port = free_port(), .ip = {127, 0, 0, 1}};
    assert_int_equal(run(&script, false, -1, &cancelled), 0);
    assert_int_equal(script.refused, 1);
    assert_true(address_equal(&script.refused_to, &script.elsewhere));
}

static void a_cancel_ends_it_at_once(void **state)
{
    (void)state;
    struct script script = make_script(SWEEP_EPHEMERAL);
    bool cancelled;
    int fd = eventfd(1, EFD_CLOEXEC);
    uint64_t began_us = clock_monotonic_us();
    script.waits = true;
    assert_int_equal(run(&script, false, fd, &cancelled), 0);
    assert_true(cancelled);
    assert_true(clock_monotonic_us() - began_us < PATIENCE_US);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ephemeral_endpoint_hears_and_knows_its_address),
        cmocka_unit_test(an_ephemeral_endpoint_is_at_no_port_under_test),
        cmocka_unit_test(a_port_under_test_is_bound_or_heard_live),
        cmocka_unit_test(a_held_port_is_told),
        cmocka_unit_test(a_port_that_was_given_back_is_not_bound),
        cmocka_unit_test(a_refusal_is_told),
        cmocka_unit_test(a_cancel_ends_it_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
