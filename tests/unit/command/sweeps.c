/* What becomes of each command, with a sweep that lasts until it is let go or cancelled. */
#include "command/sweeps.h"

#include "command/allowance.h"
#include "proto/wire_report.h"
#include "runner/untested.h"
#include "uplink/journal.h"
#include "uplink/spool.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

#define NOW_US UINT64_C(1000000000)
#define PATIENCE_MS 10000
#define HEARD_MAX 16

/* What was told to the collector: accepted, running, or the word of a refusal. */
struct told {
    uint64_t sweep_id;
    char word[32];
};

static struct bed {
    char folder[64], path[96];
    void *context;
    struct sweeper *sweeper;
    struct spool spool;
    struct policy policy;
    struct sweeps *sweeps;
    struct told told[HEARD_MAX];
    size_t count;
    int let_go_fd;
    Natsweep__SweepKey key;
    Natsweep__PortRange range, *ranges[1];
    char *servers[1];
    Natsweep__StartSweep command;
} bed;

static void tell(uint64_t sweep_id, const char *word)
{
    assert_true(bed.count < HEARD_MAX);
    bed.told[bed.count].sweep_id = sweep_id;
    snprintf(bed.told[bed.count++].word, sizeof bed.told[0].word, "%s", word);
}

static bool hear(void *argument, Envelope *envelope)
{
    (void)argument;
    if (envelope->body_case == NATSWEEP__ENVELOPE__BODY_ACCEPTED)
        tell(envelope->accepted->key->sweep_id, envelope->accepted->running ? "running" : "accepted");
    else if (envelope->body_case == NATSWEEP__ENVELOPE__BODY_REFUSED)
        tell(envelope->refused->key->sweep_id, envelope->refused->code);
    return true;
}

static struct report *fake_run(struct job *job, const struct runner_hooks *hooks)
{
    eventfd_t value;
    struct pollfd fds[] = {{.fd = bed.let_go_fd, .events = POLLIN}, {.fd = hooks->cancel_fd, .events = POLLIN}};
    poll(fds, 2, -1);
    if (fds[1].revents)
        return untested_report(&job->plan.ports, 4, OUTCOME_CANCELLED, REASON_CANCELLED, "cancelled");
    eventfd_read(bed.let_go_fd, &value);
    return untested_report(&job->plan.ports, 4, OUTCOME_SUPPORTED, REASON_NONE, "all good");
}

static void make_sweeps(void)
{
    bed.sweeps = sweeps_create(&(struct sweeps_config){
        .policy = &bed.policy, .sweeper = bed.sweeper, .spool = &bed.spool, .queue_length = 1, .channel.send = hear});
    assert_non_null(bed.sweeps);
}

static void make_command(void)
{
    natsweep__sweep_key__init(&bed.key);
    natsweep__port_range__init(&bed.range);
    natsweep__start_sweep__init(&bed.command);
    bed.range.first = bed.range.last = 9000;
    bed.range.transport = TRANSPORT_UDP;
    bed.range.role = ROLE_RTP;
    bed.range.expect = EXPECT_OPEN;
    bed.ranges[0] = &bed.range;
    bed.servers[0] = (char *)"stun.example";
    bed.command.key = &bed.key;
    bed.command.at_us = 1;
    bed.command.expires_in_s = 60;
    bed.command.deadline_s = 600;
    bed.command.ports = bed.ranges;
    bed.command.n_ports = 1;
    bed.command.servers = bed.servers;
    bed.command.n_servers = 1;
    bed.command.family = 4;
    bed.command.mode = MODE_AUTO;
    bed.command.pace_pps = 400;
}

static int setup(void **state)
{
    (void)state;
    char message[PORT_LIST_MESSAGE_BYTES];
    memset(&bed, 0, sizeof bed);
    snprintf(bed.folder, sizeof bed.folder, "/tmp/natsweep-sweeps-XXXXXX");
    assert_non_null(mkdtemp(bed.folder));
    snprintf(bed.path, sizeof bed.path, "%s/agent.db", bed.folder);
    bed.spool = (struct spool){.max_bytes = 1 << 20, .max_age_us = INT64_MAX / 2};
    assert_int_equal(database_open(bed.path, &bed.spool.database), 0);
    bed.let_go_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    bed.context = zmq_ctx_new();
    assert_int_equal(sweeper_create(bed.context, fake_run, &bed.sweeper), 0);
    bed.policy.max_pace_pps = 1000;
    assert_int_equal(port_list_parse("9000/udp", &bed.policy.allowed, message), 0);
    make_command();
    make_sweeps();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char journal[128];
    sweeper_destroy(bed.sweeper);
    sweeps_destroy(bed.sweeps);
    zmq_ctx_term(bed.context);
    database_close(bed.spool.database);
    close(bed.let_go_fd);
    snprintf(journal, sizeof journal, "%s-journal", bed.path);
    unlink(journal);
    unlink(bed.path);
    return rmdir(bed.folder);
}

static void command(uint64_t sweep_id)
{
    bed.key.sweep_id = sweep_id;
    sweeps_command(bed.sweeps, &bed.command, NOW_US);
}

static void cancel(uint64_t sweep_id)
{
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    Natsweep__Cancel message = NATSWEEP__CANCEL__INIT;
    key.sweep_id = sweep_id;
    message.key = &key;
    sweeps_cancel(bed.sweeps, &message);
}

/* What was told last. */
static void expect_told(uint64_t sweep_id, const char *word)
{
    assert_true(bed.count > 0);
    assert_int_equal(bed.told[bed.count - 1].sweep_id, sweep_id);
    assert_string_equal(bed.told[bed.count - 1].word, word);
}

/* Waits for the running sweep's end, and handles it at `now_us`. */
static void let_end(uint64_t now_us)
{
    zmq_pollitem_t item = {.socket = sweeper_socket(bed.sweeper), .events = ZMQ_POLLIN};
    assert_int_equal(zmq_poll(&item, 1, PATIENCE_MS), 1);
    sweeps_handle(bed.sweeps, now_us);
}

static void finish_one(uint64_t now_us)
{
    eventfd_write(bed.let_go_fd, 1);
    let_end(now_us);
}

static struct sweeps_status status(void)
{
    struct sweeps_status status;
    sweeps_get_status(bed.sweeps, &status);
    return status;
}

static int journal_of(uint64_t sweep_id)
{
    struct journal journal = {bed.spool.database};
    return journal_state(&journal, sweep_id);
}

/* However quickly a collector has sweeps begin, only so many do. */
static void test_sweeps_in_a_row_have_an_end(void **state)
{
    (void)state;
    uint64_t sweep_id = 0;
    while (++sweep_id <= ALLOWANCE_SWEEPS) {
        command(sweep_id);
        expect_told(sweep_id, "running");
        finish_one(NOW_US);
        bed.count = 0;
    }
    command(sweep_id);
    expect_told(sweep_id, "accepted");
    assert_int_equal(status().running_id, 0);
    assert_int_equal(sweeps_wake_us(bed.sweeps), NOW_US + ALLOWANCE_INTERVAL_US);
    sweeps_handle(bed.sweeps, NOW_US + ALLOWANCE_INTERVAL_US);
    expect_told(sweep_id, "running");
    finish_one(NOW_US + ALLOWANCE_INTERVAL_US);
}

static void test_one_runs_and_the_next_waits(void **state)
{
    (void)state;
    command(1);
    expect_told(1, "running");
    assert_int_equal(journal_of(1), JOURNAL_RUNNING); /* on disk before it runs */
    command(2);
    expect_told(2, "accepted");
    assert_int_equal(status().queued, 1);
    finish_one(NOW_US + 1);
    expect_told(2, "running");
    assert_int_equal(journal_of(1), JOURNAL_FINISHED);
    assert_int_equal(status().last_id, 1);
    assert_int_equal(status().last_outcome, OUTCOME_SUPPORTED);
    assert_int_equal(status().running_id, 2);
}

static void test_a_full_queue_is_said(void **state)
{
    (void)state;
    for (uint64_t id = 1; id <= 3; id++)
        command(id);
    expect_told(3, "busy");
    assert_int_equal(journal_of(3), JOURNAL_UNKNOWN); /* it may be sent again later */
}

static void test_no_sweep_runs_twice(void **state)
{
    (void)state;
    command(1);
    command(1); /* by another collector, or after a reconnect */
    expect_told(1, "running");
    finish_one(NOW_US + 1);
    size_t count = bed.count;
    command(1);
    assert_int_equal(bed.count, count); /* its report is on the way, which is the answer */
    assert_int_equal(status().running_id, 0);
}

static void test_what_policy_forbids_is_refused(void **state)
{
    (void)state;
    bed.range.last = 9001;
    command(1);
    expect_told(1, "policy_ports");
    assert_int_equal(status().running_id, 0);
}

static void test_yesterdays_command_does_not_run(void **state)
{
    (void)state;
    command(1);
    command(2);
    finish_one(NOW_US + 61000000);
    expect_told(2, "expired");
    assert_int_equal(journal_of(2), JOURNAL_UNKNOWN);
}

static void test_a_waiting_one_is_cancelled_at_once(void **state)
{
    (void)state;
    command(1);
    command(2);
    cancel(2);
    expect_told(2, "cancelled");
    assert_int_equal(status().queued, 0);
    cancel(1);
    let_end(NOW_US + 1);
    assert_int_equal(status().last_outcome, OUTCOME_CANCELLED);
}

static void test_a_stop_is_no_cancel(void **state)
{
    (void)state;
    command(1);
    sweeps_stop(bed.sweeps, NOW_US + 1);
    assert_int_equal(status().last_outcome, OUTCOME_INTERRUPTED);
    assert_int_equal(journal_of(1), JOURNAL_FINISHED);
    command(2); /* while it goes down: the next start may run it */
    assert_int_equal(status().running_id, 0);
    assert_int_equal(journal_of(2), JOURNAL_UNKNOWN);
}

static void test_a_crash_is_reported_at_the_next_start(void **state)
{
    (void)state;
    command(1);
    assert_int_equal(journal_of(1), JOURNAL_RUNNING);
    sweeper_destroy(bed.sweeper); /* nobody takes its report: as if the process had died */
    sweeps_destroy(bed.sweeps);
    bed.sweeper = NULL;
    bed.sweeps = NULL;
    zmq_ctx_term(bed.context);
    bed.context = zmq_ctx_new();
    assert_int_equal(sweeper_create(bed.context, fake_run, &bed.sweeper), 0);
    make_sweeps();
    sweeps_recover(bed.sweeps);
    assert_int_equal(journal_of(1), JOURNAL_FINISHED);
    assert_int_equal(status().last_id, 1);
    assert_int_equal(status().last_outcome, OUTCOME_INTERRUPTED);
}

static void test_a_new_session_hears_what_runs(void **state)
{
    (void)state;
    struct uplink_sweep list[4];
    command(1);
    command(2);
    assert_int_equal(sweeps_list(bed.sweeps, list, 4), 2);
    assert_int_equal(list[0].sweep_id, 1);
    assert_int_equal(list[1].sweep_id, 2);
    assert_int_equal(sweeps_list(bed.sweeps, list, 1), 1);
    size_t count = bed.count;
    sweeps_online(bed.sweeps);
    sweeps_handle(bed.sweeps, sweeps_wake_us(bed.sweeps));
    assert_int_equal(bed.count, count + 1);
    expect_told(1, "running");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_runs_and_the_next_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweeps_in_a_row_have_an_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_queue_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_sweep_runs_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_policy_forbids_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_yesterdays_command_does_not_run, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_waiting_one_is_cancelled_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_stop_is_no_cancel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_crash_is_reported_at_the_next_start, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_new_session_hears_what_runs, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
