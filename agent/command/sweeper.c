#include "command/sweeper.h"

#include "base/log.h"
#include "base/zsocket.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

struct sweeper {
    sweeper_run run;
    void *ends[2]; /* of the socket pair: ours, the thread's */
    int cancel_fd;
    pthread_t thread;
    struct job *job;
    bool busy;
};

static void send_progress(void *argument, const struct sweep_progress *progress)
{
    struct sweeper *sweeper = argument;
    struct sweeper_event event = {.progress = *progress};
    if (zmq_send(sweeper->ends[1], &event, sizeof event, ZMQ_DONTWAIT) < 0)
        log_debug("sweep", NULL, "progress is not being read");
}

static void *thread_main(void *argument)
{
    struct sweeper *sweeper = argument;
    struct runner_hooks hooks = {.progress = send_progress, .argument = sweeper, .cancel_fd = sweeper->cancel_fd};
    struct sweeper_event event = {.finished = true, .report = sweeper->run(sweeper->job, &hooks)};
    while (zmq_send(sweeper->ends[1], &event, sizeof event, 0) < 0 && errno == EINTR)
        continue;
    return NULL;
}

int sweeper_create(void *context, sweeper_run run, struct sweeper **out)
{
    struct sweeper *sweeper = calloc(1, sizeof *sweeper);
    if (!sweeper)
        return -ENOMEM;
    sweeper->run = run;
    sweeper->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (sweeper->cancel_fd < 0 || zsocket_pair(context, "sweep", sweeper->ends) != 0) {
        int error = -errno;
        if (sweeper->cancel_fd >= 0)
            close(sweeper->cancel_fd);
        free(sweeper);
        return error;
    }
    *out = sweeper;
    return 0;
}

static void free_job(struct sweeper *sweeper)
{
    assert(sweeper->job);
    explicit_bzero(sweeper->job, sizeof *sweeper->job); /* it may hold a password */
    free(sweeper->job);
    sweeper->job = NULL;
}

int sweeper_start(struct sweeper *sweeper, struct job *job)
{
    eventfd_t stale;
    eventfd_read(sweeper->cancel_fd, &stale);
    sweeper->job = job;
    int error = pthread_create(&sweeper->thread, NULL, thread_main, sweeper);
    if (error) {
        free_job(sweeper);
        return -error;
    }
    sweeper->busy = true;
    return 0;
}

void sweeper_cancel(struct sweeper *sweeper)
{
    if (sweeper->busy && eventfd_write(sweeper->cancel_fd, 1) != 0)
        log_error("sweep", NULL, "cannot cancel: %s", strerror(errno));
}

bool sweeper_busy(const struct sweeper *sweeper)
{
    return sweeper->busy;
}

void *sweeper_socket(const struct sweeper *sweeper)
{
    return sweeper->ends[0];
}

int sweeper_next_event(struct sweeper *sweeper, struct sweeper_event *event)
{
    if (zmq_recv(sweeper->ends[0], event, sizeof *event, ZMQ_DONTWAIT) != (int)sizeof *event)
        return 0;
    if (event->finished) {
        pthread_join(sweeper->thread, NULL);
        free_job(sweeper);
        sweeper->busy = false;
    }
    return 1;
}

/* Waits until the thread, which was cancelled, has sent its last event. */
static void drain(struct sweeper *sweeper)
{
    while (sweeper->busy) {
        struct sweeper_event event;
        zmq_pollitem_t item = {.socket = sweeper->ends[0], .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, -1);
        while (sweeper_next_event(sweeper, &event))
            if (event.finished)
                report_free(event.report);
    }
}

void sweeper_destroy(struct sweeper *sweeper)
{
    if (!sweeper)
        return;
    sweeper_cancel(sweeper);
    drain(sweeper);
    zmq_close(sweeper->ends[0]);
    zmq_close(sweeper->ends[1]);
    close(sweeper->cancel_fd);
    free(sweeper);
}
