/* The sweep thread, with a sweep that lasts until it is cancelled or has nothing to do. */
#include "command/sweeper.h"

#include "runner/untested.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <zmq.h>

#include <cmocka.h>

#define PATIENCE_MS 10000

static void *context;
static struct sweeper *sweeper;

/* A job for port 1 ends at once, any other when it is cancelled. */
static struct report *fake_run(struct job *job, const struct runner_hooks *hooks)
{
    struct sweep_progress progress = {.ports_done = 1, .ports_total = 2};
    struct pollfd cancel = {.fd = hooks->cancel_fd, .events = POLLIN};
    hooks->progress(hooks->argument, &progress);
    if (job->plan.ports.ranges[0].first == 1)
        return untested_report(&job->plan.ports, 4, OUTCOME_SUPPORTED, REASON_NONE, "done");
    poll(&cancel, 1, -1);
    return untested_report(&job->plan.ports, 4, OUTCOME_CANCELLED, REASON_CANCELLED, "cancelled");
}

static struct job *make_job(uint16_t port)
{
    struct job *job = calloc(1, sizeof *job);
    assert_non_null(job);
    job->plan.ports.count = 1;
    job->plan.ports.ranges[0] = (struct port_range){.first = port, .last = port, .transport = TRANSPORT_UDP};
    return job;
}

static struct sweeper_event next_event(void)
{
    struct sweeper_event event;
    zmq_pollitem_t item = {.socket = sweeper_socket(sweeper), .events = ZMQ_POLLIN};
    assert_int_equal(zmq_poll(&item, 1, PATIENCE_MS), 1);
    assert_int_equal(sweeper_next_event(sweeper, &event), 1);
    return event;
}

static void expect_end(enum outcome outcome)
{
    struct sweeper_event event = next_event();
    assert_false(event.finished);
    assert_int_equal(event.progress.ports_total, 2);
    event = next_event();
    assert_true(event.finished);
    assert_non_null(event.report);
    assert_int_equal(event.report->outcome, outcome);
    report_free(event.report);
    assert_false(sweeper_busy(sweeper));
    assert_int_equal(sweeper_next_event(sweeper, &event), 0);
}

static int setup(void **state)
{
    (void)state;
    context = zmq_ctx_new();
    return context ? sweeper_create(context, fake_run, &sweeper) : -1;
}

static int teardown(void **state)
{
    (void)state;
    sweeper_destroy(sweeper);
    return zmq_ctx_term(context);
}

static void test_progress_and_then_the_report_come_up(void **state)
{
    (void)state;
    assert_int_equal(sweeper_start(sweeper, make_job(1)), 0);
    assert_true(sweeper_busy(sweeper));
    expect_end(OUTCOME_SUPPORTED);
}

static void test_a_cancel_reaches_the_job(void **state)
{
    (void)state;
    assert_int_equal(sweeper_start(sweeper, make_job(2)), 0);
    sweeper_cancel(sweeper);
    expect_end(OUTCOME_CANCELLED);
}

static void test_a_late_cancel_is_not_the_next_jobs(void **state)
{
    (void)state;
    assert_int_equal(sweeper_start(sweeper, make_job(1)), 0);
    sweeper_cancel(sweeper); /* it ends by itself */
    expect_end(OUTCOME_SUPPORTED);
    sweeper_cancel(sweeper); /* and nothing runs any more */
    assert_int_equal(sweeper_start(sweeper, make_job(2)), 0);
    assert_false(next_event().finished);
    zmq_pollitem_t item = {.socket = sweeper_socket(sweeper), .events = ZMQ_POLLIN};
    assert_int_equal(zmq_poll(&item, 1, 50), 0); /* a stale cancel would have ended it */
    sweeper_cancel(sweeper);
    struct sweeper_event event = next_event();
    assert_int_equal(event.report->outcome, OUTCOME_CANCELLED);
    report_free(event.report);
}

/* The sanitizers find a report or a job that nobody freed. */
static void test_destroying_it_ends_the_job(void **state)
{
    (void)state;
    assert_int_equal(sweeper_start(sweeper, make_job(2)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_progress_and_then_the_report_come_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_cancel_reaches_the_job, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_late_cancel_is_not_the_next_jobs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_destroying_it_ends_the_job, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
