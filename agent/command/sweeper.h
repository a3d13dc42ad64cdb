/* The sweep thread: runs one job at a time away from the main thread. Progress and the report come up through a socket;
 * a cancel goes down through an eventfd. All functions are the main thread's. */
#ifndef COMMAND_SWEEPER_H
#define COMMAND_SWEEPER_H

#include "base/attributes.h"
#include "command/job.h"

#include <stdbool.h>

struct sweeper;

/* What the thread runs; tests put their own here. Returns a report, or NULL when there is no memory for one. */
typedef struct report *(*sweeper_run)(struct job *job, const struct runner_hooks *hooks);

struct sweeper_event {
    bool finished;
    struct sweep_progress progress; /* when not finished */
    struct report *report;          /* when finished: the receiver's; NULL when memory was short */
};

/* `context` is ZeroMQ's. Returns 0 or -errno. */
int sweeper_create(void *context, sweeper_run run, struct sweeper **out) MUST_CHECK;
/* Cancels a running job, waits for its end and frees its report. NULL is fine. */
void sweeper_destroy(struct sweeper *sweeper);

/* Takes over `job` (from malloc), and frees it also when it fails. Only when not busy. Returns 0 or -errno. */
int sweeper_start(struct sweeper *sweeper, struct job *job) MUST_CHECK;
void sweeper_cancel(struct sweeper *sweeper);
bool sweeper_busy(const struct sweeper *sweeper);

void *sweeper_socket(const struct sweeper *sweeper); /* readable: there is an event */
/* Returns 1 and the next event, or 0. After the finished event the sweeper is no longer busy. */
int sweeper_next_event(struct sweeper *sweeper, struct sweeper_event *event) MUST_CHECK;

#endif
