#include "collector/threads.h"

#include "base/log.h"

#include <errno.h>
#include <sysexits.h>
#include <unistd.h>

#define STOP_GRACE_S 25 /* beyond the drain: a statement may take 10 s, in control and in a writer */

static void *run_gateway(void *argument)
{
    size_t left = gateway_run(argument);
    if (left > 0)
        log_warning("gateway", NULL, "%zu reports were not stored in time: their agents keep them", left);
    return NULL;
}

static void *run_control(void *argument)
{
    struct threads *threads = argument;
    threads->control_exit_code = control_run(threads->stages->control);
    stages_signal(threads->stages, CONTROL_ENDED);
    return NULL;
}

static void *run_watch(void *argument)
{
    watch_run(argument);
    return NULL;
}

static void *run_alert(void *argument)
{
    alert_run(argument);
    return NULL;
}

static void *run_writer(void *argument)
{
    store_writer_run(argument);
    return NULL;
}

static int start(pthread_t *thread, bool *runs, void *(*run)(void *), void *argument)
{
    errno = pthread_create(thread, NULL, run, argument);
    if (errno)
        return stages_out_of("thread");
    *runs = true;
    return EX_OK;
}

static int start_writers(struct threads *threads)
{
    bool runs;
    int exit_code = EX_OK;
    for (size_t i = 0; !exit_code && i < threads->stages->writer_count; i++) {
        exit_code = start(&threads->writers[i], &runs, run_writer, threads->stages->writers[i]);
        threads->writers_running += exit_code == EX_OK;
    }
    return exit_code;
}

int threads_start(struct threads *threads, const struct stages *stages)
{
    *threads = (struct threads){.stages = stages};
    int exit_code = start_writers(threads);
    if (!exit_code)
        exit_code = start(&threads->control, &threads->control_runs, run_control, threads);
    if (!exit_code)
        exit_code = start(&threads->gateway, &threads->gateway_runs, run_gateway, stages->gateway);
    if (!exit_code && stages->watch)
        exit_code = start(&threads->watch, &threads->watch_runs, run_watch, stages->watch);
    if (!exit_code && stages->alert)
        exit_code = start(&threads->alert, &threads->alert_runs, run_alert, stages->alert);
    return exit_code;
}

/* Each stage ends before the next one loses whom it talks to. The alarm's default action ends what hangs in spite of
 * all. */
void threads_stop(const struct threads *threads)
{
    const struct stages *stages = threads->stages;
    alarm((unsigned)(stages->settings->drain_ms / 1000) + STOP_GRACE_S);
    stages_signal(stages, DRAIN_CONTROL);
    stages_signal(stages, STOP_ALERT);
    stages_signal(stages, STOP_GATEWAY);
    if (threads->gateway_runs)
        pthread_join(threads->gateway, NULL);
    stages_signal(stages, STOP_WRITERS);
    for (size_t i = 0; i < threads->writers_running; i++)
        pthread_join(threads->writers[i], NULL);
    stages_signal(stages, STOP_CONTROL);
    if (threads->control_runs)
        pthread_join(threads->control, NULL);
    if (threads->alert_runs)
        pthread_join(threads->alert, NULL);
    stages_signal(stages, STOP_WATCH);
    if (threads->watch_runs)
        pthread_join(threads->watch, NULL);
    alarm(0);
}
