#include "runner/event_loop.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_US 200000u

int event_loop_open(struct event_loop *loop, const struct runner_hooks *hooks)
{
    *loop = (struct event_loop){.epoll_fd = epoll_create1(EPOLL_CLOEXEC), .hooks = hooks};
    if (loop->epoll_fd < 0)
        return -errno;
    int rc = hooks->cancel_fd >= 0 ? event_loop_watch(loop, hooks->cancel_fd, EVENT_LOOP_CANCEL, EPOLLIN) : 0;
    if (rc != 0)
        event_loop_close(loop);
    return rc;
}

void event_loop_close(struct event_loop *loop)
{
    if (loop->epoll_fd >= 0)
        close(loop->epoll_fd);
    loop->epoll_fd = -1;
}

int event_loop_watch(const struct event_loop *loop, int fd, uint32_t what, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u32 = what};
    if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
        return 0;
    return errno == EEXIST && epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &event) == 0 ? 0 : -errno;
}

void event_loop_forget_cancel(const struct event_loop *loop)
{
    (void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, loop->hooks->cancel_fd, NULL);
}

bool event_loop_progress_due(struct event_loop *loop, uint64_t now_us)
{
    if (!loop->hooks->progress || now_us < loop->progress_at_us)
        return false;
    loop->progress_at_us = now_us + PROGRESS_US;
    return true;
}

int event_loop_wait(const struct event_loop *loop, uint64_t now_us, uint64_t wake_us, struct epoll_event *events,
                    int capacity)
{
    if (loop->hooks->progress && wake_us > loop->progress_at_us)
        wake_us = loop->progress_at_us;
    uint64_t wait_us = wake_us > now_us ? wake_us - now_us : 0;
    struct timespec wait = {.tv_sec = (time_t)(wait_us / 1000000), .tv_nsec = (long)(wait_us % 1000000) * 1000};
    int count = epoll_pwait2(loop->epoll_fd, events, capacity, wake_us == UINT64_MAX ? NULL : &wait, NULL);
    if (count < 0)
        return errno == EINTR ? 0 : -errno;
    return count;
}
