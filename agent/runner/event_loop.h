/* What the loops of the runs have in common, UDP, TCP and the tests beside them: one epoll instance, a cancel that is
 * heard once, and progress told a few times a second. */
#ifndef RUNNER_EVENT_LOOP_H
#define RUNNER_EVENT_LOOP_H

#include "base/attributes.h"
#include "runner/runner.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

/* What an event is about (its data.u32): the caller's own numbers are below the first one or from the second one on. */
enum { EVENT_LOOP_CANCEL = 0x80000000, EVENT_LOOP_OTHERS };

struct event_loop {
    int epoll_fd; /* -1 = not open */
    const struct runner_hooks *hooks;
    uint64_t progress_at_us;
};

/* Watches the hooks' cancel_fd; `hooks` must outlive the loop. Returns 0 or -errno, then there is nothing to close. */
int event_loop_open(struct event_loop *loop, const struct runner_hooks *hooks) MUST_CHECK;
void event_loop_close(struct event_loop *loop); /* one that is not open is fine */

/* Tells of `events` (EPOLLIN, ...) at `fd` as number `what`; the same descriptor again changes what is told. Closing it
 * ends that. Returns 0 or -errno. */
int event_loop_watch(const struct event_loop *loop, int fd, uint32_t what, uint32_t events) MUST_CHECK;

/* After EVENT_LOOP_CANCEL: cancel_fd stays readable, and once is enough. */
void event_loop_forget_cancel(const struct event_loop *loop);

/* Whether somebody wants to know the progress now; asking makes the next time later. */
bool event_loop_progress_due(struct event_loop *loop, uint64_t now_us);

/* Sleeps until an event, wake_us (UINT64_MAX = whenever) or the next progress. Returns how many events there are, 0
 * also after a signal, or -errno. */
int event_loop_wait(const struct event_loop *loop, uint64_t now_us, uint64_t wake_us, struct epoll_event *events,
                    int capacity) MUST_CHECK;

#endif
