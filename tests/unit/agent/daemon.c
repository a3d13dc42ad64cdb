/* The whole daemon in a thread of this process, with a sweep that the test runs by hand, against a fake collector. */
#include "agent/daemon.h"

#include "agent/state_folder.h"
#include "base/attributes.h"
#include "base/clock.h"
#include "base/file.h"
#include "fake/fake_collector.h"
#include "proto/wire_report.h"
#include "runner/untested.h"
#include "uplink/enrolment.h"
#include "uplink/journal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#define STATE_JOURNAL "agent.db-journal"
#define PATIENCE_US 20000000u

struct fixture {
    char folder[64];
    struct fake_collector fake;
    struct agent_settings settings;
    struct daemon_options options;
    pthread_t thread;
    bool runs;
    int code;
};

/* The fake sweep: ends when the test says so, or when it is cancelled. The daemon's sweep thread runs it. */
static int let_finish_fd = -1;
static _Atomic int sweeps_run;

static struct report *fake_sweep(struct job *job, const struct runner_hooks *hooks)
{
    struct sweep_progress progress = {.ports_done = 5, .ports_total = 20, .stage = "sweeping"};
    struct pollfd fds[] = {{.fd = let_finish_fd, .events = POLLIN}, {.fd = hooks->cancel_fd, .events = POLLIN}};
    eventfd_t value;
    sweeps_run++;
    hooks->progress(hooks->argument, &progress);
    poll(fds, 2, -1);
    if (fds[1].revents)
        return untested_report(&job->plan.ports, 4, OUTCOME_CANCELLED, REASON_CANCELLED, "cancelled");
    eventfd_read(let_finish_fd, &value);
    return untested_report(&job->plan.ports, 4, OUTCOME_SUPPORTED, REASON_LOSS, "all good");
}

static void *daemon_thread(void *argument)
{
    struct fixture *fixture = argument;
    fixture->code = daemon_run(&fixture->options);
    return NULL;
}

static void start(struct fixture *fixture)
{
    eventfd_t stale;
    eventfd_read(fixture->options.stop_fd, &stale);
    assert_int_equal(pthread_create(&fixture->thread, NULL, daemon_thread, fixture), 0);
    fixture->runs = true;
}

static void stop(struct fixture *fixture)
{
    eventfd_write(fixture->options.stop_fd, 1);
    pthread_join(fixture->thread, NULL);
    fixture->runs = false;
}

static void write_state(struct fixture *fixture)
{
    char path[STATE_PATH_BYTES];
    struct curve_key_pair key;
    struct enrolment enrolment = {.endpoint_count = 1, .key_count = 1, .site = "Bakery", .customer = "Crumbs"};
    memcpy(enrolment.endpoints[0], fixture->fake.endpoint, sizeof fixture->fake.endpoint);
    memcpy(enrolment.server_keys[0], fixture->fake.key.public_key, CURVE_KEY_BYTES);
    assert_int_equal(enrolment_save(state_path(fixture->folder, STATE_ENROLMENT, path), &enrolment), 0);
    assert_int_equal(curve_key_generate(&key), 0);
    assert_int_equal(curve_key_save(state_path(fixture->folder, STATE_KEY, path), &key), 0);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/natsweep-daemon-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fake_collector_start(&fixture->fake);
    write_state(fixture);
    agent_settings_defaults(&fixture->settings);
    snprintf(fixture->settings.state_folder, sizeof fixture->settings.state_folder, "%s", fixture->folder);
    fixture->settings.retry_ms = 1;
    fixture->settings.retry_max_ms = 2;
    fixture->settings.queue_length = 1;
    fixture->options = (struct daemon_options){
        .settings = &fixture->settings, .run = fake_sweep, .stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    let_finish_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    sweeps_run = 0;
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {STATE_KEY,     STATE_ENROLMENT, STATE_DATABASE,
                                        STATE_JOURNAL, STATE_LOCK,      STATE_SOCKET};
    struct fixture *fixture = *state;
    if (fixture->runs)
        stop(fixture);
    fake_collector_stop(&fixture->fake);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[STATE_PATH_BYTES];
        unlink(state_path(fixture->folder, names[i], path));
    }
    close(fixture->options.stop_fd);
    close(let_finish_fd);
    int left = rmdir(fixture->folder);
    free(fixture);
    return left;
}

/* The next message of kind `body`; heartbeats and progress are passed over unless asked for, anything else fails the
 * test. */
static Envelope *expect(struct fixture *fixture, Natsweep__Envelope__BodyCase body)
{
    uint64_t end_us = clock_monotonic_us() + PATIENCE_US;
    while (clock_monotonic_us() < end_us) {
        Envelope *envelope = fake_collector_receive(&fixture->fake, 100);
        if (envelope && envelope->body_case == body)
            return envelope;
        if (envelope && envelope->body_case != NATSWEEP__ENVELOPE__BODY_HEARTBEAT &&
            envelope->body_case != NATSWEEP__ENVELOPE__BODY_PROGRESS) {
            int got = (int)envelope->body_case;
            wire_free(envelope);
            fail_msg("a message of kind %d came instead of %d", got, (int)body);
        }
        wire_free(envelope);
    }
    fail_msg("the message of kind %d never came", (int)body);
    return NULL;
}

static void go_online(struct fixture *fixture)
{
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO));
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__WELCOME);
}

static void expect_accepted(struct fixture *fixture, uint64_t sweep_id, uint32_t generation, bool running)
{
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_ACCEPTED);
    assert_int_equal(envelope->accepted->key->sweep_id, sweep_id);
    assert_int_equal(envelope->accepted->key->generation, generation);
    assert_int_equal(envelope->accepted->running, running);
    wire_free(envelope);
}

static void expect_refused(struct fixture *fixture, uint64_t sweep_id, const char *code)
{
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_REFUSED);
    assert_int_equal(envelope->refused->key->sweep_id, sweep_id);
    assert_string_equal(envelope->refused->code, code);
    assert_true(strlen(envelope->refused->message) > 10);
    wire_free(envelope);
}

/* Expects a report of one batch, of `outcome`, whose ports all have `reason`. */
static void expect_report(struct fixture *fixture, uint64_t sweep_id, enum outcome outcome, enum reason reason)
{
    struct report *report;
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH);
    assert_int_equal(envelope->report_batch->sweep_id, sweep_id);
    assert_int_equal(envelope->report_batch->at_us, 1700000000000000);
    assert_int_equal(wire_decode_report_batch(envelope->report_batch, &report), 0);
    assert_string_equal(outcome_word(report->outcome), outcome_word(outcome));
    assert_int_equal(report->port_count, 20);
    assert_int_equal(report->ports[19].port, 9019);
    assert_int_equal(report->ports[19].reason, reason);
    report_free(report);
    wire_free(envelope);
}

static void wait_until_empty(struct fixture *fixture)
{
    for (;;) { /* the acknowledgement is on its way: a heartbeat after it tells */
        Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
        bool empty = envelope->heartbeat->spool->depth == 0;
        wire_free(envelope);
        if (empty)
            return;
    }
}

static void test_a_command_becomes_a_report_that_is_kept_until_acked(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 2, 60, 400);
    expect_accepted(fixture, 5, 2, true);
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_PROGRESS);
    assert_int_equal(envelope->progress->ports_total, 20);
    wire_free(envelope);
    eventfd_write(let_finish_fd, 1);
    expect_report(fixture, 5, OUTCOME_SUPPORTED, REASON_LOSS);
    stop(fixture); /* before the acknowledgement */
    assert_int_equal(fixture->code, EX_OK);
    start(fixture);
    envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO);
    assert_int_equal(envelope->hello->n_finished, 1);
    assert_int_equal(envelope->hello->finished[0], 5);
    wire_free(envelope);
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__WELCOME);
    expect_report(fixture, 5, OUTCOME_SUPPORTED, REASON_LOSS);
    fake_collector_ack(&fixture->fake, 5, 0, false);
    wait_until_empty(fixture);
}

static void test_no_id_runs_twice(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 400);
    expect_accepted(fixture, 5, 1, true);
    fake_collector_command(&fixture->fake, 5, 2, 60, 400); /* another collector took over */
    expect_accepted(fixture, 5, 2, true);
    eventfd_write(let_finish_fd, 1);
    expect_report(fixture, 5, OUTCOME_SUPPORTED, REASON_LOSS);
    fake_collector_command(&fixture->fake, 5, 3, 60, 400); /* its report is on the way: nothing to say */
    fake_collector_ack(&fixture->fake, 5, 0, false);
    wait_until_empty(fixture);
    fake_collector_command(&fixture->fake, 5, 4, 60, 400);
    expect_refused(fixture, 5, "already_run");
    assert_int_equal(sweeps_run, 1);
}

static void test_the_policy_refuses_with_its_reason(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.max_pace_pps = 100;
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 101);
    expect_refused(fixture, 5, "policy_pace");
    assert_int_equal(sweeps_run, 0);
}

static void test_the_queue_is_bounded_and_cancellable(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 400);
    expect_accepted(fixture, 5, 1, true);
    fake_collector_command(&fixture->fake, 6, 1, 60, 400);
    expect_accepted(fixture, 6, 1, false);
    fake_collector_command(&fixture->fake, 7, 1, 60, 400);
    expect_refused(fixture, 7, "busy");
    fake_collector_cancel(&fixture->fake, 6);
    expect_refused(fixture, 6, "cancelled");
    fake_collector_command(&fixture->fake, 8, 1, 60, 400);
    expect_accepted(fixture, 8, 1, false);
    fake_collector_cancel(&fixture->fake, 5);
    Envelope *envelope;
    bool reported = false, begun = false;
    while (!reported || !begun) { /* in either order */
        envelope = fake_collector_receive(&fixture->fake, 100);
        reported |= envelope && envelope->body_case == NATSWEEP__ENVELOPE__BODY_REPORT_BATCH;
        begun |= envelope && envelope->body_case == NATSWEEP__ENVELOPE__BODY_ACCEPTED && envelope->accepted->running;
        wire_free(envelope);
    }
}

static void test_a_command_that_waited_too_long_is_not_run(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 400);
    expect_accepted(fixture, 5, 1, true);
    fake_collector_command(&fixture->fake, 6, 1, 0, 400); /* at once or never */
    expect_accepted(fixture, 6, 1, false);
    eventfd_write(let_finish_fd, 1);
    Envelope *envelope;
    bool refused = false;
    while (!refused) {
        envelope = fake_collector_receive(&fixture->fake, 100);
        refused = envelope && envelope->body_case == NATSWEEP__ENVELOPE__BODY_REFUSED;
        if (refused)
            assert_string_equal(envelope->refused->code, "expired");
        wire_free(envelope);
    }
    assert_int_equal(sweeps_run, 1);
}

static void test_a_stop_reports_the_sweep_as_interrupted(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 400);
    expect_accepted(fixture, 5, 1, true);
    stop(fixture);
    expect_report(fixture, 5, OUTCOME_INTERRUPTED, REASON_INTERRUPTED); /* said with the last breath, and kept */
    start(fixture);
    go_online(fixture);
    expect_report(fixture, 5, OUTCOME_INTERRUPTED, REASON_INTERRUPTED);
    assert_int_equal(sweeps_run, 1);
}

/* What a killed agent leaves: a sweep marked running. */
static void leave_running(struct fixture *fixture, uint64_t sweep_id)
{
    char path[STATE_PATH_BYTES];
    struct journal journal;
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    Natsweep__PortRange range = NATSWEEP__PORT_RANGE__INIT, *ranges[] = {&range};
    Natsweep__StartSweep command = NATSWEEP__START_SWEEP__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    struct journal_entry entry = {.sweep_id = sweep_id, .at_us = 1700000000000000};
    char *servers[] = {(char *)"127.0.0.1"};
    key.sweep_id = sweep_id;
    range.first = 9000;
    range.last = 9019;
    range.transport = TRANSPORT_UDP;
    range.role = ROLE_RTP;
    range.expect = EXPECT_OPEN;
    command.key = &key;
    command.at_us = entry.at_us;
    command.deadline_s = 60;
    command.ports = ranges;
    command.n_ports = 1;
    command.servers = servers;
    command.n_servers = 1;
    command.family = 4;
    command.mode = MODE_AUTO;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_START_SWEEP;
    envelope.start_sweep = &command;
    assert_int_equal(wire_encode(&envelope, &entry.command, &entry.command_len), 0);
    assert_int_equal(database_open(state_path(fixture->folder, STATE_DATABASE, path), &journal.database), 0);
    assert_int_equal(journal_start(&journal, &entry), 0);
    database_close(journal.database);
    free(entry.command);
}

static void test_a_crash_is_reported_as_interrupted_once(void **state)
{
    struct fixture *fixture = *state;
    leave_running(fixture, 5);
    start(fixture);
    go_online(fixture);
    expect_report(fixture, 5, OUTCOME_INTERRUPTED, REASON_INTERRUPTED);
    fake_collector_ack(&fixture->fake, 5, 0, false);
    wait_until_empty(fixture);
    stop(fixture);
    start(fixture);
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO);
    assert_int_equal(envelope->hello->n_finished, 0);
    wire_free(envelope);
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__WELCOME);
    fake_collector_command(&fixture->fake, 5, 9, 60, 400);
    expect_refused(fixture, 5, "already_run");
    assert_int_equal(sweeps_run, 0);
}

static void test_a_sweep_outlives_its_connection(void **state)
{
    struct fixture *fixture = *state;
    char endpoint[64];
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 400);
    expect_accepted(fixture, 5, 1, true);
    memcpy(endpoint, fixture->fake.endpoint, sizeof endpoint);
    fake_collector_cut(&fixture->fake);
    fake_collector_listen(&fixture->fake, endpoint);
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO);
    assert_int_equal(envelope->hello->n_running, 1);
    assert_int_equal(envelope->hello->running[0]->sweep_id, 5);
    wire_free(envelope);
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__WELCOME);
    eventfd_write(let_finish_fd, 1);
    expect_report(fixture, 5, OUTCOME_SUPPORTED, REASON_LOSS);
    assert_int_equal(sweeps_run, 1);
}

static void test_a_sweep_that_began_while_away_is_announced(void **state)
{
    struct fixture *fixture = *state;
    char endpoint[64];
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 400);
    expect_accepted(fixture, 5, 1, true);
    fake_collector_command(&fixture->fake, 6, 1, 60, 400);
    expect_accepted(fixture, 6, 1, false);
    memcpy(endpoint, fixture->fake.endpoint, sizeof endpoint);
    fake_collector_cut(&fixture->fake);
    eventfd_write(let_finish_fd, 1);
    while (sweeps_run < 2)
        sched_yield();
    fake_collector_listen(&fixture->fake, endpoint);
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO);
    assert_int_equal(envelope->hello->running[0]->sweep_id, 6);
    assert_int_equal(envelope->hello->finished[0], 5);
    wire_free(envelope);
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__WELCOME);
    expect_report(fixture, 5, OUTCOME_SUPPORTED, REASON_LOSS);
    expect_accepted(fixture, 6, 1, true);
}

static bool file_contains(const char *path, const char *words)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return memmem(bytes, len, words, strlen(words)) != NULL;
}

static void test_no_password_reaches_the_disk(void **state)
{
    struct fixture *fixture = *state;
    char path[STATE_PATH_BYTES];
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 400);
    expect_accepted(fixture, 5, 1, true);
    state_path(fixture->folder, STATE_DATABASE, path);
    assert_true(file_contains(path, "127.0.0.1")); /* the command is there */
    assert_false(file_contains(path, "top-secret-password"));
}

static void test_a_second_daemon_on_the_folder_is_refused(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    go_online(fixture);
    assert_int_equal(daemon_run(&fixture->options), EX_TEMPFAIL);
}

static void test_bad_state_is_refused_by_its_own_code(void **state)
{
    struct fixture *fixture = *state;
    char path[STATE_PATH_BYTES];
    state_path(fixture->folder, STATE_KEY, path);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(daemon_run(&fixture->options), EX_NOPERM);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(truncate(path, 3), 0);
    assert_int_equal(daemon_run(&fixture->options), EX_DATAERR);
    unlink(path);
    assert_int_equal(daemon_run(&fixture->options), EX_CONFIG);
    write_state(fixture);
    unlink(state_path(fixture->folder, STATE_ENROLMENT, path));
    assert_int_equal(daemon_run(&fixture->options), EX_CONFIG);
    snprintf(fixture->settings.state_folder, sizeof fixture->settings.state_folder, "/proc/nowhere");
    assert_int_equal(daemon_run(&fixture->options), EX_CANTCREAT);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_a_command_becomes_a_report_that_is_kept_until_acked),
        CASE(test_no_id_runs_twice),
        CASE(test_the_policy_refuses_with_its_reason),
        CASE(test_the_queue_is_bounded_and_cancellable),
        CASE(test_a_command_that_waited_too_long_is_not_run),
        CASE(test_a_stop_reports_the_sweep_as_interrupted),
        CASE(test_a_crash_is_reported_as_interrupted_once),
        CASE(test_a_sweep_outlives_its_connection),
        CASE(test_a_sweep_that_began_while_away_is_announced),
        CASE(test_no_password_reaches_the_disk),
        CASE(test_a_second_daemon_on_the_folder_is_refused),
        CASE(test_bad_state_is_refused_by_its_own_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
