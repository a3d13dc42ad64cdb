/* Servers that do not do their part. */
#include "world.h"

#include <errno.h>
#include <string.h>

static void a_server_that_cannot_be_reached_is_said_with_its_reason(void **state)
{
    static const struct {
        int error;
        enum reason reason;
    } cases[] = {{ECONNREFUSED, REASON_PORT_UNREACHABLE},
                 {EHOSTUNREACH, REASON_ADMIN_PROHIBITED},
                 {ENETUNREACH, REASON_NO_ROUTE},
                 {ETIMEDOUT, REASON_TIMEOUT},
                 {-1, REASON_TIMEOUT}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        world.connect_error = cases[i].error;
        world_sweep(5060, 5061);
        world_expect(5060, VERDICT_UNREACHABLE, cases[i].reason);
        assert_int_equal(world_result(5060)->reached, TRI_NO);
        assert_false(tcp_sweep_answered(world.sweep));
        world_end(state);
        world_begin(state);
    }
    world_sweep(5060, 5060);
}

static void a_server_that_gives_no_relay_fails_no_port(void **state)
{
    static const uint16_t codes[] = {400, 403, 437, 442, 486, 508};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        world.allocate_code = codes[i];
        world_sweep(5060, 5061);
        world_expect(5060, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
        assert_string_equal(world.report->warnings[0].code, "no_relay");
        assert_true(tcp_sweep_answered(world.sweep));
        world_end(state);
        world_begin(state);
    }
    world.relay = (struct address){.family = 4, .port = 50000, .ip = {10, 0, 0, 1}};
    world_sweep(5060, 5061);
    world_expect(5060, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
}

static void refused_credentials_test_nothing(void **state)
{
    static const char *const passwords[] = {"wrong", ""};
    for (size_t i = 0; i < ARRAY_LEN(passwords); i++) {
        strcpy(world.plan.password, passwords[i]);
        world.plan.user[i == 0 ? 1 : 0] = '\0';
        world_sweep(5060, 5061);
        world_expect(5060, VERDICT_NOT_TESTED, REASON_NO_TURN_CREDENTIALS);
        assert_string_equal(world.report->warnings[0].code, "turn_unauthorized");
        assert_true(tcp_sweep_answered(world.sweep));
        world_end(state);
        world_begin(state);
    }
    world_sweep(5060, 5060);
}

static void a_server_that_hangs_up_is_asked_again_and_then_blamed_itself(void **state)
{
    (void)state;
    world_set_fates(9000, 9019, FILTERED);
    world.hang_up_after = 10;
    world_sweep(9000, 9019);
    for (uint16_t port = 9000; port < 9020; port++)
        world_expect(port, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_int_equal(world.allocations, 3);
}

/* No firewall resets a connection that it has let through. */
static void a_server_that_resets_what_it_accepted_is_at_fault(void **state)
{
    (void)state;
    world.connect_error = ECONNRESET;
    world_sweep(5060, 5061);
    world_expect(5060, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_string_equal(world.report->warnings[0].code, "turn_failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_world(a_server_that_cannot_be_reached_is_said_with_its_reason),
        in_world(a_server_that_gives_no_relay_fails_no_port),
        in_world(refused_credentials_test_nothing),
        in_world(a_server_that_resets_what_it_accepted_is_at_fault),
        in_world(a_server_that_hangs_up_is_asked_again_and_then_blamed_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
