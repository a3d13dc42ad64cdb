#include "runner/exclusive.h"

#include "base/clock.h"
#include "base/log.h"
#include "pbx/pbx.h"
#include "runner/host_ports.h"
#include "runner/untested.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define DEADLINE_MARGIN_US 2000000u /* for the end of the sweep, so that it comes before the keeper's deadline */

/* `report` may be NULL: then the log alone tells. */
static void tell_start(enum pbx_answer start, struct report *report)
{
    if (start == PBX_STARTED)
        return;
    const char *code = start == PBX_STARTED_EARLY ? "pbx_started_early" : "pbx_not_started";
    log_error("pbx", NULL, "%s", pbx_answer_text(start));
    if (report)
        report_warn(report, code, "%s", pbx_answer_text(start));
}

static struct report *not_stopped(const struct plan *plan, enum pbx_answer stop, enum pbx_answer start)
{
    bool cancelled = stop == PBX_STOP_CUT_SHORT;
    struct report *report = untested_report(&plan->ports, plan->family, cancelled ? OUTCOME_CANCELLED : OUTCOME_NOT_RUN,
                                            cancelled ? REASON_CANCELLED : REASON_LOCAL_ERROR, pbx_answer_text(stop));
    if (report && !cancelled)
        report_warn(report, "pbx_not_stopped", "%s", pbx_answer_text(stop));
    tell_start(start, report);
    return report;
}

static void cut_deadline(const struct pbx_config *pbx, struct plan *plan, uint64_t since_us)
{
    uint64_t gone_us = clock_monotonic_us() - since_us + DEADLINE_MARGIN_US;
    uint64_t most_us = pbx->max_stopped_s * 1000000ull;
    uint64_t left_us = most_us > gone_us ? most_us - gone_us : 1;
    if (plan->deadline_us == 0 || plan->deadline_us > left_us)
        plan->deadline_us = left_us;
}

/* A PBX that is stopped. */
struct stopped {
    struct pbx pbx;
    bool started; /* or tried to: once is enough */
};

static void start_again(void *argument, struct report *report)
{
    struct stopped *stopped = argument;
    if (stopped->started)
        return;
    stopped->started = true;
    tell_start(pbx_start(&stopped->pbx), report);
}

/* The sweep ends when it is cancelled, and when the PBX is wanted back. Returns what is readable then, or -errno. */
static int watch_both(int cancel_fd, int pbx_fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    int both = epoll_create1(EPOLL_CLOEXEC);
    if (both < 0)
        return -errno;
    if (epoll_ctl(both, EPOLL_CTL_ADD, pbx_fd, &event) == 0 &&
        (cancel_fd < 0 || epoll_ctl(both, EPOLL_CTL_ADD, cancel_fd, &event) == 0))
        return both;
    int error = -errno;
    close(both);
    return error;
}

static int run_stopped(const struct pbx_config *config, struct plan *plan, const struct runner_hooks *hooks,
                       struct report **out)
{
    struct stopped stopped = {.started = false};
    struct runner_hooks starting = *hooks;
    struct report *report = NULL;
    enum pbx_answer start;
    uint64_t since_us = clock_monotonic_us();
    enum pbx_answer stop = pbx_stop(config, hooks->cancel_fd, &stopped.pbx, &start);
    if (stop != PBX_STOPPED) {
        *out = not_stopped(plan, stop, start);
        return *out ? 0 : -ENOMEM;
    }
    cut_deadline(config, plan, since_us);
    starting.ports_free = start_again;
    starting.ports_argument = &stopped;
    starting.cancel_fd = watch_both(hooks->cancel_fd, stopped.pbx.fd);
    int rc = starting.cancel_fd >= 0 ? runner_run(plan, &starting, &report) : starting.cancel_fd;
    start_again(&stopped, report);
    if (starting.cancel_fd >= 0)
        close(starting.cancel_fd);
    if (rc == 0)
        *out = report;
    return rc;
}

int exclusive_run(const struct pbx_config *pbx, struct plan *plan, const struct runner_hooks *hooks,
                  struct report **out)
{
    if (plan->mode != MODE_EXCLUSIVE || !pbx || !hooks_given(&pbx->hooks))
        return runner_run(plan, hooks, out);
    int rc = host_ports_note_held(plan, clock_monotonic_us());
    return rc ? rc : run_stopped(pbx, plan, hooks, out);
}
