/* The agent's settings file. */
#include "agent/settings.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64], message[SETTINGS_MESSAGE_BYTES];
static struct agent_settings settings;

static int load(const char *content)
{
    snprintf(path, sizeof path, "/tmp/natsweep-settings-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), strlen(content));
    close(fd);
    int error = agent_settings_load(path, &settings, message);
    unlink(path);
    return error;
}

static void test_defaults_keep_the_pbx_running(void **state)
{
    (void)state;
    agent_settings_defaults(&settings);
    assert_false(settings.allow_exclusive);
    assert_string_equal(settings.pbx_units, "");
    assert_string_equal(settings.pbx_stop_command, "");
    assert_string_equal(settings.state_folder, "/var/lib/natsweep-agent");
    assert_int_equal(settings.heartbeat_s, 30);
}

static void test_a_file_sets_what_it_names(void **state)
{
    (void)state;
    assert_int_equal(load("[collector]\nendpoint = tcp://a:1\nendpoint = tcp://b:2\n[policy]\nallowed_ports = @3cx\n"
                          "max_pace_pps = 200\nallow_exclusive = yes\n[agent]\nlog_level = debug\n"),
                     0);
    assert_string_equal(settings.collectors, "tcp://a:1,tcp://b:2");
    assert_int_equal(settings.max_pace_pps, 200);
    assert_true(settings.allow_exclusive);
    assert_string_equal(settings.allowed_ports, "@3cx");
}

static void test_bad_values_are_named_and_change_nothing(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[policy]\nmax_pace_pps = 5001\n", "max_pace_pps"},
        {"[policy]\nallowed_ports = 99999/udp\n", "99999"},
        {"[agent]\nlog_level = loud\n", "loud"},
        {"[agent]\ncolour = red\n", "colour"},
        {"[collector]\nretry_ms = 70000\n", "retry_ms"},
        {"[spool]\nmax_kb = 1\n", "max_kb"},
        {"[pbx]\nunit = pbx\n", "'pbx'"},
        {"[pbx]\nunit = a.service\nunit = --now.service\n", "--now"},
        {"[pbx]\nstop_command = /bin/x\n", "start command"},
        {"[pbx]\nstop_command = x\nstart_command = /bin/x\n", "absolute"},
        {"[pbx]\nstop_timeout_s = 60\nmax_stopped_s = 60\n", "max_stopped_s"},
        {"[pbx]\nstate_folder = here\n", "state_folder"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        agent_settings_defaults(&settings);
        assert_int_not_equal(load(cases[i][0]), 0);
        assert_non_null(strstr(message, cases[i][1]));
        assert_int_equal(settings.max_pace_pps, 5000);
    }
}

static void test_a_named_file_must_be_there(void **state)
{
    (void)state;
    assert_int_equal(agent_settings_load("/nonexistent/agent.conf", &settings, message), -ENOENT);
    assert_non_null(strstr(message, "/nonexistent/agent.conf"));
}

static void test_the_command_line_names_the_state_folder(void **state)
{
    (void)state;
    char folder[AGENT_PATH_BYTES + 1];
    assert_int_equal(agent_settings_load_with(NULL, "/tmp/x", &settings, message), 0);
    assert_string_equal(settings.state_folder, "/tmp/x");
    memset(folder, 'a', sizeof folder); /* its socket could not be reached */
    folder[AGENT_PATH_BYTES] = '\0';
    assert_int_not_equal(agent_settings_load_with(NULL, folder, &settings, message), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_keep_the_pbx_running),
        cmocka_unit_test(test_a_file_sets_what_it_names),
        cmocka_unit_test(test_bad_values_are_named_and_change_nothing),
        cmocka_unit_test(test_a_named_file_must_be_there),
        cmocka_unit_test(test_the_command_line_names_the_state_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
