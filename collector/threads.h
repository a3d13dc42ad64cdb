/* The threads of a collector: started from the store to the agents, stopped the other way round. */
#ifndef COLLECTOR_THREADS_H
#define COLLECTOR_THREADS_H

#include "base/attributes.h"
#include "collector/stages.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct threads {
    const struct stages *stages;
    pthread_t gateway, control, watch, alert, writers[SETTINGS_WRITERS_MAX];
    bool gateway_runs, control_runs, watch_runs, alert_runs;
    size_t writers_running;
    int control_exit_code;
};

/* Returns an exit code of sysexits.h, and has logged the reason; the caller stops in any case. */
int threads_start(struct threads *threads, const struct stages *stages) MUST_CHECK;
/* Drains, stops and joins what runs. */
void threads_stop(const struct threads *threads);

#endif
