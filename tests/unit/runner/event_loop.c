#include "runner/event_loop.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS 4
#define PATIENCE_US 10000000u

static void ignore(void *argument, const struct sweep_progress *progress)
{
    (void)argument;
    (void)progress;
}

static void test_a_cancel_is_heard_once(void **state)
{
    (void)state;
    struct event_loop loop;
    struct epoll_event events[EVENTS];
    struct runner_hooks hooks = {.cancel_fd = eventfd(1, EFD_CLOEXEC)};
    uint64_t now_us = clock_monotonic_us();
    assert_int_equal(event_loop_open(&loop, &hooks), 0);
    assert_int_equal(event_loop_wait(&loop, now_us, now_us + PATIENCE_US, events, EVENTS), 1);
    assert_true(events[0].data.u32 == (uint32_t)EVENT_LOOP_CANCEL);
    event_loop_forget_cancel(&loop);
    assert_int_equal(event_loop_wait(&loop, now_us, now_us, events, EVENTS), 0);
    event_loop_close(&loop);
    event_loop_close(&loop);
    close(hooks.cancel_fd);
}

static void test_what_is_told_of_a_descriptor_can_change(void **state)
{
    (void)state;
    struct event_loop loop;
    struct epoll_event events[EVENTS];
    struct runner_hooks hooks = {.cancel_fd = -1};
    int fd = eventfd(0, EFD_CLOEXEC);
    uint64_t now_us = clock_monotonic_us();
    assert_int_equal(event_loop_open(&loop, &hooks), 0);
    assert_int_equal(event_loop_watch(&loop, fd, 7, EPOLLOUT), 0);
    assert_int_equal(event_loop_wait(&loop, now_us, UINT64_MAX, events, EVENTS), 1);
    assert_int_equal(events[0].data.u32, 7);
    assert_int_equal(event_loop_watch(&loop, fd, 8, EPOLLIN), 0);
    assert_int_equal(event_loop_wait(&loop, now_us, now_us, events, EVENTS), 0);
    assert_int_equal(eventfd_write(fd, 1), 0);
    assert_int_equal(event_loop_wait(&loop, now_us, UINT64_MAX, events, EVENTS), 1);
    assert_int_equal(events[0].data.u32, 8);
    assert_true(event_loop_watch(&loop, -1, 9, EPOLLIN) < 0);
    event_loop_close(&loop);
    close(fd);
}

static void test_progress_is_wanted_a_few_times_a_second(void **state)
{
    (void)state;
    struct event_loop loop;
    struct epoll_event events[EVENTS];
    struct runner_hooks hooks = {.progress = ignore, .cancel_fd = -1};
    assert_int_equal(event_loop_open(&loop, &hooks), 0);
    assert_true(event_loop_progress_due(&loop, 1000000));
    assert_false(event_loop_progress_due(&loop, 1100000));
    assert_true(event_loop_progress_due(&loop, 1200000));

    uint64_t before_us = clock_monotonic_us();
    assert_int_equal(event_loop_wait(&loop, 1399000, UINT64_MAX, events, EVENTS), 0); /* wakes for the next one */
    assert_true(clock_monotonic_us() - before_us < PATIENCE_US);
    event_loop_close(&loop);

    hooks.progress = NULL;
    assert_int_equal(event_loop_open(&loop, &hooks), 0);
    assert_false(event_loop_progress_due(&loop, 1000000));
    event_loop_close(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_cancel_is_heard_once),
        cmocka_unit_test(test_what_is_told_of_a_descriptor_can_change),
        cmocka_unit_test(test_progress_is_wanted_a_few_times_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
