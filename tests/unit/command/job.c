/* What keeps a job from running becomes its report. */
#include "command/job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

static struct job *make_job(const char *server)
{
    struct job *job = calloc(1, sizeof *job);
    assert_non_null(job);
    job->plan.family = 4;
    job->plan.ports.count = 1;
    job->plan.ports.ranges[0] = (struct port_range){
        .first = 9000, .last = 9001, .transport = TRANSPORT_UDP, .role = ROLE_RTP, .expect = EXPECT_OPEN};
    job->servers.count = 1;
    (void)snprintf(job->servers.names[0], sizeof job->servers.names[0], "%s", server);
    return job;
}

static void expect_untested(struct job *job, int cancel_fd, enum outcome outcome, enum reason reason)
{
    const struct runner_hooks hooks = {.cancel_fd = cancel_fd};
    struct report *report = job_run(job, &hooks);
    assert_non_null(report);
    assert_int_equal(report->outcome, outcome);
    assert_int_equal(report->port_count, 2);
    assert_int_equal(report->ports[1].verdict, VERDICT_NOT_TESTED);
    assert_int_equal(report->ports[1].reason, reason);
    assert_true(strlen(report->message) > 0);
    report_free(report);
    free(job);
}

static void a_server_that_is_no_name_is_told(void **state)
{
    (void)state;
    expect_untested(make_job("one:two:three:4"), -1, OUTCOME_NOT_RUN, REASON_NEVER_REACHED);
}

static void a_cancel_is_heard_while_names_are_looked_up(void **state)
{
    (void)state;
    int cancel_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    expect_untested(make_job("stun.invalid"), cancel_fd, OUTCOME_CANCELLED, REASON_CANCELLED);
    close(cancel_fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_is_no_name_is_told),
        cmocka_unit_test(a_cancel_is_heard_while_names_are_looked_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
