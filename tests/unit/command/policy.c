/* What the agent does not let a collector ask for, and that it says why. */
#include "command/policy.h"

#include "proto/limits.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A command that the policy allows; each test spoils one thing. */
struct fixture {
    struct policy policy;
    Natsweep__SweepKey key;
    Natsweep__PortRange ranges[2], *range_pointers[2];
    Natsweep__Credentials credentials;
    char *servers[2];
    Natsweep__StartSweep command;
    struct job job;
    struct refusal refusal;
};

static struct fixture fixture;

static Natsweep__PortRange range(uint32_t first, uint32_t last, enum transport transport)
{
    Natsweep__PortRange made = NATSWEEP__PORT_RANGE__INIT;
    made.first = first;
    made.last = last;
    made.transport = transport;
    made.role = ROLE_RTP;
    made.expect = EXPECT_OPEN;
    made.group = 3;
    return made;
}

static int setup(void **state)
{
    (void)state;
    char message[PORT_LIST_MESSAGE_BYTES];
    memset(&fixture, 0, sizeof fixture);
    Natsweep__StartSweep *command = &fixture.command;
    natsweep__sweep_key__init(&fixture.key);
    natsweep__start_sweep__init(command);
    natsweep__credentials__init(&fixture.credentials);
    fixture.key.sweep_id = 1;
    fixture.ranges[0] = range(9000, 9010, TRANSPORT_UDP);
    fixture.ranges[1] = range(5001, 5001, TRANSPORT_TCP);
    for (size_t i = 0; i < 2; i++)
        fixture.range_pointers[i] = &fixture.ranges[i];
    fixture.servers[0] = fixture.servers[1] = (char *)"stun.example:3478";
    command->key = &fixture.key;
    command->ports = fixture.range_pointers;
    command->n_ports = 2;
    command->servers = fixture.servers;
    command->n_servers = 2;
    command->family = 4;
    command->mode = MODE_AUTO;
    command->pace_pps = 400;
    command->patience_s = 60;
    command->deadline_s = 600;
    fixture.policy.max_pace_pps = 1000;
    return port_list_parse("5001/tcp,9000-9005/udp,9006-9010/udp", &fixture.policy.allowed, message);
}

static int judge(void)
{
    return policy_judge(&fixture.policy, &fixture.command, &fixture.job, &fixture.refusal);
}

static void assert_refused(const char *code, const char *word)
{
    assert_int_not_equal(judge(), 0);
    assert_string_equal(fixture.refusal.code, code);
    assert_non_null(strstr(fixture.refusal.message, word));
}

static void test_a_good_command_becomes_a_job(void **state)
{
    (void)state;
    fixture.credentials.user = (char *)"1:agent";
    fixture.credentials.password = (char *)"secret";
    fixture.command.credentials = &fixture.credentials;
    assert_int_equal(judge(), 0);
    const struct plan *plan = &fixture.job.plan;
    assert_int_equal(port_list_size(&plan->ports), 12);
    assert_int_equal(plan->ports.ranges[0].role, ROLE_RTP);
    assert_int_equal(plan->ports.ranges[0].group, 3);
    assert_int_equal(plan->pace_pps, 400);
    assert_true(plan->patience_us == 60000000 && plan->deadline_us == 600000000);
    assert_int_equal(fixture.job.servers.count, 2);
    assert_string_equal(fixture.job.servers.names[1], "stun.example:3478");
    assert_string_equal(plan->user, "1:agent");
    assert_string_equal(plan->password, "secret");
    assert_true(plan->seed != 0);
}

static void test_ports_outside_the_settings_are_named(void **state)
{
    (void)state;
    fixture.ranges[0].last = 9011;
    assert_refused("policy_ports", "9011/udp");
    fixture.ranges[0] = range(8999, 9001, TRANSPORT_UDP);
    assert_refused("policy_ports", "8999/udp");
    fixture.ranges[0] = range(9000, 9000, TRANSPORT_UDP);
    fixture.ranges[1] = range(9000, 9000, TRANSPORT_TCP);
    assert_refused("policy_ports", "9000/tcp");
}

static void test_bad_ranges_are_no_command(void **state)
{
    (void)state;
    struct port_list ports;
    fixture.ranges[0] = range(9005, 9003, TRANSPORT_UDP);
    assert_refused("bad_command", "ports");
    fixture.ranges[0] = range(0, 9003, TRANSPORT_UDP);
    assert_refused("bad_command", "ports");
    fixture.ranges[0] = range(9003, 65536, TRANSPORT_UDP);
    assert_refused("bad_command", "ports");
    fixture.ranges[0] = fixture.ranges[1];
    assert_refused("bad_command", "ports");
    fixture.ranges[0].transport = 9;
    assert_refused("bad_command", "ports");
    fixture.command.n_ports = 0;
    assert_refused("bad_command", "ports");
    assert_int_equal(policy_read_ports(&fixture.command, &ports), -EINVAL);
}

static void test_pace_is_capped_by_settings_and_by_the_program(void **state)
{
    (void)state;
    fixture.command.pace_pps = 1001;
    assert_refused("policy_pace", "1000");
    fixture.command.pace_pps = 0;
    assert_refused("policy_pace", "unpaced");
    fixture.policy.max_pace_pps = UINT32_MAX; /* whatever a settings file could say */
    fixture.command.pace_pps = SWEEP_PACE_PPS_MAX;
    assert_int_equal(judge(), 0);
    fixture.command.pace_pps = SWEEP_PACE_PPS_MAX + 1;
    assert_refused("policy_pace", "5000");
}

static void test_the_pbx_is_not_stopped_unless_allowed(void **state)
{
    (void)state;
    static const struct pbx_config pbx;
    fixture.command.mode = MODE_EXCLUSIVE;
    assert_refused("policy_mode", "allow_exclusive");
    fixture.policy.allow_exclusive = true;
    fixture.policy.pbx = &pbx;
    assert_int_equal(judge(), 0);
    assert_ptr_equal(fixture.job.pbx, &pbx);
    fixture.command.mode = 77;
    assert_refused("bad_command", "mode");
}

static void test_other_nonsense_is_refused(void **state)
{
    (void)state;
    static char name[SERVER_NAME_BYTES + 1];
    memset(name, 'a', sizeof name);
    name[SERVER_NAME_BYTES] = '\0';
    fixture.command.family = 5;
    assert_refused("bad_command", "family");
    fixture.command.family = 6;
    fixture.servers[1] = name;
    assert_refused("bad_command", "too long");
    fixture.command.n_servers = 0;
    assert_refused("bad_command", "STUN servers");
}

static void test_patience_and_deadline_have_an_end(void **state)
{
    (void)state;
    fixture.command.deadline_s = 0;
    fixture.command.patience_s = UINT32_MAX;
    assert_int_equal(judge(), 0);
    assert_true(fixture.job.plan.deadline_us > 0 && fixture.job.plan.deadline_us <= 21600000000u);
    assert_true(fixture.job.plan.patience_us <= 3600000000u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_good_command_becomes_a_job, setup),
        cmocka_unit_test_setup(test_ports_outside_the_settings_are_named, setup),
        cmocka_unit_test_setup(test_bad_ranges_are_no_command, setup),
        cmocka_unit_test_setup(test_pace_is_capped_by_settings_and_by_the_program, setup),
        cmocka_unit_test_setup(test_the_pbx_is_not_stopped_unless_allowed, setup),
        cmocka_unit_test_setup(test_other_nonsense_is_refused, setup),
        cmocka_unit_test_setup(test_patience_and_deadline_have_an_end, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
