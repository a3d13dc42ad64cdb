/* What becomes of a report when the PBX does not stop, or not start. A shell plays the keeper. */
#include "runner/exclusive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    struct pbx_config pbx;
    char script[256];
    char *keeper[4];
    struct plan plan;
    struct report *report;
};

static char shell[] = "/bin/sh", flag[] = "-c";

/* A server that answers every packet with "port unreachable", as nobody serves "discard" there: the sweep is over at
 * once. */
static void set_dead_server(struct plan *plan)
{
    plan->servers[0] = (struct plan_server){.name = "dead"};
    assert_int_equal(address_parse("127.0.0.9:9", &plan->servers[0].address), 0);
    plan->server_count = 1;
}

static int set_up(void **state)
{
    char message[HOOKS_MESSAGE_BYTES];
    struct fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    (void)snprintf(fixture->folder, sizeof fixture->folder, "/tmp/natsweep-exclusive-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    assert_int_equal(setenv("RUNTIME_DIRECTORY", fixture->folder, 1), 0);
    memcpy(fixture->keeper, (char *[]){shell, flag, fixture->script, NULL}, sizeof fixture->keeper);
    fixture->pbx = (struct pbx_config){
        .keeper = fixture->keeper, .stop_timeout_s = 30, .start_timeout_s = 30, .max_stopped_s = 60};
    fixture->plan = (struct plan){.family = 4, .mode = MODE_EXCLUSIVE, .pace_pps = 0, .timeout_us = 50000};
    fixture->plan.ports = (struct port_list){
        .count = 1,
        .ranges = {
            {.first = 29060, .last = 29061, .transport = TRANSPORT_UDP, .role = ROLE_SIP, .expect = EXPECT_OPEN}}};
    set_dead_server(&fixture->plan);
    return hooks_parse("", "/bin/false", "/bin/false", &fixture->pbx.hooks, message);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r '%s'", fixture->folder);
    report_free(fixture->report);
    free(fixture);
    return system(command); /* NOLINT(cert-env33-c): the path is ours */
}

/* Runs the plan with a keeper that gives these answers, the one to the start when it is asked for; it leaves a file
 * when it is asked. */
static void run(struct fixture *fixture, const char *answers)
{
    const struct runner_hooks hooks = {.cancel_fd = -1};
    const char *wait = answers[0] == 's' ? "head -c 1 <&3 > /dev/null" : ":";
    (void)snprintf(fixture->script, sizeof fixture->script,
                   "exec 3<&0; { head -c 1 <&3 > %s/heard; printf %c >&3; %s; printf %s >&3; cat <&3 > /dev/null; } &",
                   fixture->folder, answers[0], wait, answers + 1);
    assert_int_equal(exclusive_run(&fixture->pbx, &fixture->plan, &hooks, &fixture->report), 0);
}

static bool keeper_was_asked(const struct fixture *fixture)
{
    char path[80];
    (void)snprintf(path, sizeof path, "%s/heard", fixture->folder);
    return access(path, F_OK) == 0;
}

static void assert_warnings(const struct report *report, const char *first, const char *second)
{
    const char *const codes[] = {first, second};
    size_t count = first ? second ? 2 : 1 : 0;
    assert_int_equal(report->warning_count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(report->warnings[i].code, codes[i]);
}

static void a_pbx_that_does_not_stop_is_not_swept(void **state)
{
    struct fixture *fixture = *state;
    run(fixture, "tS");
    assert_int_equal(fixture->report->outcome, OUTCOME_NOT_RUN);
    assert_non_null(strstr(fixture->report->message, "stop_timeout_s"));
    assert_int_equal(fixture->report->port_count, 2);
    assert_int_equal(fixture->report->ports[0].reason, REASON_LOCAL_ERROR);
    assert_warnings(fixture->report, "pbx_not_stopped", NULL);
}

static void a_pbx_that_stays_down_then_is_told_too(void **state)
{
    struct fixture *fixture = *state;
    run(fixture, "fN");
    assert_warnings(fixture->report, "pbx_not_stopped", "pbx_not_started");
}

static void a_cancel_while_it_stops_is_a_cancel(void **state)
{
    struct fixture *fixture = *state;
    run(fixture, "cS");
    assert_int_equal(fixture->report->outcome, OUTCOME_CANCELLED);
    assert_int_equal(fixture->report->ports[1].reason, REASON_CANCELLED);
    assert_warnings(fixture->report, NULL, NULL);
}

static void a_sweep_keeps_its_report_and_its_deadline(void **state)
{
    struct fixture *fixture = *state;
    fixture->plan.deadline_us = UINT64_MAX;
    run(fixture, "sS");
    assert_int_equal(fixture->report->outcome, OUTCOME_NOT_RUN);
    assert_null(strstr(fixture->report->message, "PBX"));
    assert_warnings(fixture->report, NULL, NULL);
    assert_in_range(fixture->plan.deadline_us, 1, 60000000);
}

static void a_pbx_that_does_not_start_is_a_warning(void **state)
{
    struct fixture *fixture = *state;
    run(fixture, "sN");
    assert_warnings(fixture->report, "pbx_not_started", NULL);
}

static void a_keeper_that_dies_is_a_warning(void **state)
{
    struct fixture *fixture = *state;
    (void)snprintf(fixture->script, sizeof fixture->script,
                   "exec 3<&0; { head -c 1 <&3 > /dev/null; printf s >&3; } &");
    assert_int_equal(
        exclusive_run(&fixture->pbx, &fixture->plan, &(struct runner_hooks){.cancel_fd = -1}, &fixture->report), 0);
    assert_warnings(fixture->report, "pbx_not_started", NULL);
}

static void a_pbx_started_early_is_a_warning(void **state)
{
    struct fixture *fixture = *state;
    run(fixture, "sE");
    assert_warnings(fixture->report, "pbx_started_early", NULL);
}

static void no_other_mode_and_no_empty_setting_stops_anything(void **state)
{
    struct fixture *fixture = *state;
    fixture->plan.mode = MODE_AUTO;
    run(fixture, "sS");
    report_free(fixture->report);
    fixture->plan.mode = MODE_EXCLUSIVE;
    fixture->pbx.hooks = (struct hooks){0};
    run(fixture, "sS");
    assert_false(keeper_was_asked(fixture));
    assert_false(fixture->plan.live);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(a_pbx_that_does_not_stop_is_not_swept),  CASE(a_pbx_that_stays_down_then_is_told_too),
        CASE(a_cancel_while_it_stops_is_a_cancel),    CASE(a_sweep_keeps_its_report_and_its_deadline),
        CASE(a_pbx_that_does_not_start_is_a_warning), CASE(a_keeper_that_dies_is_a_warning),
        CASE(a_pbx_started_early_is_a_warning),       CASE(no_other_mode_and_no_empty_setting_stops_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
