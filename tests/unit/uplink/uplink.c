/* The uplink against a fake collector over real CURVE on the loopback, both driven by this one thread. */
#include "uplink/uplink.h"

#include "base/clock.h"
#include "fake/fake_collector.h"
#include "proto/wire_report.h"
#include "sample/report_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

#define INBOX 128
#define PATIENCE_US 20000000u /* of a test with a condition; far more than it takes */

struct fixture {
    char folder[64], path[96];
    struct fake_collector fake;
    void *context;
    struct spool spool;
    struct uplink_config config;
    struct uplink *uplink;
    uint64_t started[8], cancelled[8]; /* sweeps in the order of their commands */
    size_t started_count, cancelled_count;
    struct uplink_sweep sweeps[2];
    size_t sweep_count, sessions;
    Envelope *inbox[INBOX]; /* what the collector got and no test has looked at */
    size_t inbox_count;
};

static void on_online(void *argument)
{
    struct fixture *fixture = argument;
    fixture->sessions++;
}

static void on_start_sweep(void *argument, const Natsweep__StartSweep *command)
{
    struct fixture *fixture = argument;
    fixture->started[fixture->started_count++] = command->key->sweep_id;
}

static void on_cancel(void *argument, const Natsweep__Cancel *cancel)
{
    struct fixture *fixture = argument;
    fixture->cancelled[fixture->cancelled_count++] = cancel->key->sweep_id;
}

static bool on_directory(void *argument, const Natsweep__Welcome *welcome, struct enrolment *enrolment)
{
    (void)argument;
    return enrolment_learn_endpoints(enrolment, welcome->endpoints, welcome->n_endpoints);
}

static size_t on_list(void *argument, struct uplink_sweep *sweeps, size_t capacity)
{
    struct fixture *fixture = argument;
    assert_true(capacity >= fixture->sweep_count);
    memcpy(sweeps, fixture->sweeps, sizeof fixture->sweeps);
    return fixture->sweep_count;
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct uplink_config *config = &fixture->config;
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/natsweep-uplink-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/agent.db", fixture->folder);
    fake_collector_start(&fixture->fake);
    fixture->context = zmq_ctx_new();
    fixture->spool = (struct spool){.max_bytes = 1 << 20, .max_age_us = INT64_MAX / 2};
    assert_int_equal(database_open(fixture->path, &fixture->spool.database), 0);
    config->context = fixture->context;
    config->spool = &fixture->spool;
    config->heartbeat_ms = 1000;
    config->retry_ms = 1;
    config->retry_max_ms = 2;
    config->hooks =
        (struct uplink_hooks){fixture, on_online, on_start_sweep, on_cancel, on_directory, NULL, NULL, on_list};
    config->enrolment.endpoint_count = config->enrolment.key_count = 1;
    memcpy(config->enrolment.endpoints[0], fixture->fake.endpoint, sizeof fixture->fake.endpoint);
    memcpy(config->enrolment.server_keys[0], fixture->fake.key.public_key, CURVE_KEY_BYTES);
    assert_int_equal(curve_key_generate(&config->key), 0);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    char journal[128];
    uplink_destroy(fixture->uplink);
    for (size_t i = 0; i < fixture->inbox_count; i++)
        wire_free(fixture->inbox[i]);
    fake_collector_stop(&fixture->fake);
    zmq_ctx_term(fixture->context);
    database_close(fixture->spool.database);
    snprintf(journal, sizeof journal, "%s-journal", fixture->path);
    unlink(journal);
    unlink(fixture->path);
    int left = rmdir(fixture->folder);
    free(fixture);
    return left;
}

static void start(struct fixture *fixture)
{
    fixture->uplink = uplink_create(&fixture->config, clock_monotonic_us());
    assert_non_null(fixture->uplink);
}

/* Lets both sides work once. */
static void turn(struct fixture *fixture)
{
    zmq_pollitem_t items[LINK_POLL_ITEMS];
    size_t count = uplink_poll_items(fixture->uplink, items);
    zmq_poll(items, (int)count, 1);
    uplink_handle(fixture->uplink, clock_monotonic_us());
    Envelope *envelope = fake_collector_receive(&fixture->fake, 1);
    assert_true(fixture->inbox_count < INBOX);
    if (envelope)
        fixture->inbox[fixture->inbox_count++] = envelope;
}

/* The next message that the collector got. Fails the test when none comes. */
static Envelope *next(struct fixture *fixture)
{
    uint64_t end_us = clock_monotonic_us() + PATIENCE_US;
    while (fixture->inbox_count == 0) {
        if (clock_monotonic_us() > end_us)
            fail_msg("no message came");
        turn(fixture);
    }
    Envelope *first = fixture->inbox[0];
    fixture->inbox_count--;
    memmove(fixture->inbox, fixture->inbox + 1, fixture->inbox_count * sizeof(Envelope *));
    return first;
}

/* The next message of kind `body`; others are dropped. */
static Envelope *expect(struct fixture *fixture, Natsweep__Envelope__BodyCase body)
{
    Envelope *envelope;
    while ((envelope = next(fixture))->body_case != body)
        wire_free(envelope);
    return envelope;
}

static const char *state_of(const struct fixture *fixture)
{
    struct uplink_status status;
    uplink_get_status(fixture->uplink, &status);
    return status.state;
}

static void wait_for_why(struct fixture *fixture, const char *words)
{
    struct uplink_status status = {0};
    uint64_t end_us = clock_monotonic_us() + PATIENCE_US;
    while (clock_monotonic_us() < end_us) {
        turn(fixture);
        uplink_get_status(fixture->uplink, &status);
        if (strstr(status.why, words))
            return;
    }
    fail_msg("the session says '%s', not '%s'", status.why, words);
}

static void go_online(struct fixture *fixture)
{
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO));
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__WELCOME);
    wait_for_why(fixture, "welcome");
}

static void put(struct fixture *fixture, uint64_t sweep_id, size_t batches)
{
    struct report *report = report_sample(SAMPLE_SUPPORTED, "5060/udp", 1);
    uint8_t *frame;
    size_t len;
    assert_non_null(report);
    assert_int_equal(wire_encode_report_batch(report, sweep_id, 1000, 0, &frame, &len), 0);
    struct spool_frame frames[32];
    for (size_t i = 0; i < batches; i++)
        frames[i] = (struct spool_frame){frame, len};
    assert_int_equal(spool_put(&fixture->spool, &(struct spool_report){sweep_id, 1000, frames, batches}, 1000), 0);
    free(frame);
    report_free(report);
}

static int64_t depth(struct fixture *fixture)
{
    struct spool_stats stats;
    spool_get_stats(&fixture->spool, &stats);
    return stats.depth;
}

static void wait_for_depth(struct fixture *fixture, int64_t wanted)
{
    uint64_t end_us = clock_monotonic_us() + PATIENCE_US;
    while (depth(fixture) != wanted && clock_monotonic_us() < end_us)
        turn(fixture);
    assert_int_equal(depth(fixture), wanted);
}

static void test_hello_tells_what_runs_and_what_waits(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, 41, 2);
    put(fixture, 42, 1);
    fixture->sweeps[0] = (struct uplink_sweep){77, 3, true};
    fixture->sweep_count = 1;
    fixture->config.live = true;
    start(fixture);
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO);
    const Natsweep__Hello *hello = envelope->hello;
    assert_int_equal(hello->n_running, 1);
    assert_true(hello->running[0]->sweep_id == 77 && hello->running[0]->generation == 3);
    assert_int_equal(hello->n_finished, 2);
    assert_true(hello->finished[0] == 41 && hello->finished[1] == 42);
    assert_int_equal(hello->spool->depth, 3);
    assert_true(hello->live && hello->instance != 0);
    assert_string_equal(hello->agent_version, NATSWEEP_VERSION);
    wire_free(envelope);
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__WELCOME);
    wait_for_why(fixture, "welcome");
    assert_string_equal(state_of(fixture), "online");
}

static void test_an_impossible_clock_of_the_collector_is_survived(void **state)
{
    struct fixture *fixture = *state;
    Natsweep__Welcome welcome = NATSWEEP__WELCOME__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    struct uplink_status status;
    welcome.status = NATSWEEP__WELCOME__STATUS__WELCOME;
    welcome.clock_us = INT64_MIN;
    welcome.heartbeat_ms = 1000;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_WELCOME;
    envelope.welcome = &welcome;
    start(fixture);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO));
    fake_collector_send(&fixture->fake, &envelope);
    wait_for_why(fixture, "welcome");
    uplink_get_status(fixture->uplink, &status);
    assert_int_equal(status.clock_offset_us, 0);
}

static void test_nothing_but_a_hello_goes_out_before_the_welcome(void **state)
{
    struct fixture *fixture = *state;
    Natsweep__Progress progress = NATSWEEP__PROGRESS__INIT;
    Envelope early = NATSWEEP__ENVELOPE__INIT;
    early.body_case = NATSWEEP__ENVELOPE__BODY_PROGRESS;
    early.progress = &progress;
    put(fixture, 41, 1);
    start(fixture);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO));
    assert_false(uplink_send(fixture->uplink, &early));
    fake_collector_command(&fixture->fake, 5, 1, 60, 400); /* and nobody is obeyed before it */
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__WELCOME);
    Envelope *envelope = next(fixture);
    assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH);
    wire_free(envelope);
    assert_int_equal(fixture->started_count, 0);
}

static void test_heartbeats_follow_the_welcome(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.heartbeat_ms = 300000;
    start(fixture);
    go_online(fixture); /* which says: every second */
    Envelope *envelope = expect(fixture, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
    assert_null(envelope->heartbeat->running);
    assert_true(envelope->heartbeat->clock_us > 0);
    wire_free(envelope);
}

static void test_reports_wait_for_their_ack_and_go_once(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, 41, 1);
    start(fixture);
    go_online(fixture);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH));
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_HEARTBEAT)); /* much later: no second copy, no deletion */
    assert_int_equal(depth(fixture), 1);
    fake_collector_ack(&fixture->fake, 41, 0, false);
    fake_collector_ack(&fixture->fake, 41, 0, false); /* a duplicate */
    wait_for_depth(fixture, 0);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_HEARTBEAT));
    assert_string_equal(state_of(fixture), "online");
}

static void test_the_window_is_sixteen_batches(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, 41, 20);
    start(fixture);
    go_online(fixture);
    for (int i = 0; i < 16; i++)
        wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH));
    Envelope *envelope = next(fixture);
    assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
    wire_free(envelope);
    fake_collector_ack(&fixture->fake, 41, 3, false);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH));
    assert_int_equal(depth(fixture), 19);
}

static void test_rejected_batches_are_deleted_and_counted(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, 41, 1);
    start(fixture);
    go_online(fixture);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH));
    fake_collector_ack(&fixture->fake, 41, 0, true);
    wait_for_depth(fixture, 0);
    struct spool_stats stats;
    spool_get_stats(&fixture->spool, &stats);
    assert_int_equal(stats.rejected, 1);
}

static void test_a_wait_holds_reports_and_sends_them_again_later(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, 41, 1);
    start(fixture);
    go_online(fixture);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH));
    fake_collector_wait(&fixture->fake, 50);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH));
}

static void test_a_cut_reconnects_and_sends_again(void **state)
{
    struct fixture *fixture = *state;
    char endpoint[64];
    put(fixture, 41, 1);
    start(fixture);
    go_online(fixture);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH));
    memcpy(endpoint, fixture->fake.endpoint, sizeof endpoint);
    fake_collector_cut(&fixture->fake);
    wait_for_why(fixture, "hung up");
    wait_for_why(fixture, "nothing answers");
    fake_collector_listen(&fixture->fake, endpoint);
    go_online(fixture);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_REPORT_BATCH));
    fake_collector_ack(&fixture->fake, 41, 0, false);
    wait_for_depth(fixture, 0);
    assert_int_equal(fixture->sessions, 2);
}

static void test_commands_reach_the_hooks(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    go_online(fixture);
    fake_collector_command(&fixture->fake, 5, 1, 60, 400);
    fake_collector_cancel(&fixture->fake, 6);
    while (!fixture->cancelled_count)
        turn(fixture);
    assert_int_equal(fixture->started_count, 1);
    assert_int_equal(fixture->started[0], 5);
    assert_int_equal(fixture->cancelled[0], 6);
}

static void test_a_wrong_server_key_is_named_as_such(void **state)
{
    struct fixture *fixture = *state;
    struct curve_key_pair other;
    assert_int_equal(curve_key_generate(&other), 0);
    memcpy(fixture->config.enrolment.server_keys[0], other.public_key, CURVE_KEY_BYTES);
    start(fixture);
    wait_for_why(fixture, "does not hold the public key");
}

static void test_an_old_key_gives_way_to_the_new_one_of_the_list(void **state)
{
    struct fixture *fixture = *state;
    struct enrolment *enrolment = &fixture->config.enrolment;
    struct curve_key_pair other;
    assert_int_equal(curve_key_generate(&other), 0);
    memcpy(enrolment->server_keys[1], enrolment->server_keys[0], CURVE_KEY_BYTES);
    memcpy(enrolment->server_keys[0], other.public_key, CURVE_KEY_BYTES);
    enrolment->key_count = 2;
    start(fixture);
    go_online(fixture);
}

static void test_a_refused_key_is_named_as_such(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.refuses = true;
    start(fixture);
    wait_for_why(fixture, "does not admit this agent's key");
    fixture->fake.refuses = false; /* approved */
    go_online(fixture);
}

static void test_a_dead_endpoint_leads_to_the_next(void **state)
{
    struct fixture *fixture = *state;
    struct enrolment *enrolment = &fixture->config.enrolment;
    memcpy(enrolment->endpoints[1], enrolment->endpoints[0], ENROLMENT_TEXT_BYTES);
    snprintf(enrolment->endpoints[0], ENROLMENT_TEXT_BYTES, "tcp://127.0.0.1:1");
    snprintf(enrolment->endpoints[2], ENROLMENT_TEXT_BYTES, "tcp://no-port");
    enrolment->endpoint_count = 3;
    start(fixture);
    go_online(fixture);
}

static void test_revoked_and_pending_are_told_apart(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO));
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__PENDING);
    wait_for_why(fixture, "come back later");
    wire_free(expect(fixture, NATSWEEP__ENVELOPE__BODY_HELLO));
    fake_collector_welcome(&fixture->fake, NATSWEEP__WELCOME__STATUS__REVOKED);
    wait_for_why(fixture, "turns this agent away");
}

static void test_rubbish_from_the_collector_is_survived(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    go_online(fixture);
    struct fake_collector *fake = &fixture->fake;
    zmq_send(fake->router, fake->peer, fake->peer_len, ZMQ_SNDMORE);
    zmq_send(fake->router, "\xff\xff\xff", 3, 0);
    zmq_send(fake->router, fake->peer, fake->peer_len, ZMQ_SNDMORE);
    zmq_send(fake->router, "two", 3, ZMQ_SNDMORE);
    zmq_send(fake->router, "frames", 6, 0);
    fake_collector_command(fake, 5, 1, 60, 400);
    while (!fixture->started_count)
        turn(fixture);
    assert_string_equal(state_of(fixture), "online");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_hello_tells_what_runs_and_what_waits),
        CASE(test_an_impossible_clock_of_the_collector_is_survived),
        CASE(test_nothing_but_a_hello_goes_out_before_the_welcome),
        CASE(test_heartbeats_follow_the_welcome),
        CASE(test_reports_wait_for_their_ack_and_go_once),
        CASE(test_the_window_is_sixteen_batches),
        CASE(test_rejected_batches_are_deleted_and_counted),
        CASE(test_a_wait_holds_reports_and_sends_them_again_later),
        CASE(test_a_cut_reconnects_and_sends_again),
        CASE(test_commands_reach_the_hooks),
        CASE(test_a_wrong_server_key_is_named_as_such),
        CASE(test_an_old_key_gives_way_to_the_new_one_of_the_list),
        CASE(test_a_refused_key_is_named_as_such),
        CASE(test_a_dead_endpoint_leads_to_the_next),
        CASE(test_revoked_and_pending_are_told_apart),
        CASE(test_rubbish_from_the_collector_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
