#include "agent/daemon.h"

#include "agent/daemon_parts.h"
#include "agent/daemon_status.h"
#include "base/clock.h"
#include "base/log.h"
#include "uplink/journal.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sysexits.h>
#include <zmq.h>

#define JOURNAL_US (400 * 86400LL * 1000000) /* longer than any collector sends a command again */
#define HOUSEKEEPING_US 3600000000ull        /* how often the spool's age is looked at, when awake anyway */

/* Gives back what only a busy moment needed. */
static void rest(struct daemon *daemon)
{
    database_rest(daemon->database);
    malloc_trim(0);
}

static void keep_house(struct daemon *daemon, uint64_t now_us)
{
    if (now_us < daemon->housekeeping_us)
        return;
    struct journal journal = {daemon->database};
    daemon->housekeeping_us = now_us + HOUSEKEEPING_US;
    if (spool_trim(&daemon->spool, clock_wall_us()) || journal_prune(&journal, JOURNAL_US))
        log_error("spool", NULL, "cannot drop what is too old");
    rest(daemon);
}

/* Everything that is due, whatever woke us. */
static void work(struct daemon *daemon)
{
    uint64_t now_us = clock_monotonic_us();
    bool was_busy = sweeper_busy(daemon->sweeper);
    sweeps_handle(daemon->sweeps, now_us);
    uplink_handle(daemon->uplink, now_us);
    keep_house(daemon, now_us);
    if (was_busy && !sweeper_busy(daemon->sweeper))
        rest(daemon);
}

static long timeout_ms(const struct daemon *daemon, uint64_t now_us)
{
    uint64_t wake_us = uplink_wake_us(daemon->uplink, now_us), sweeps_us = sweeps_wake_us(daemon->sweeps);
    if (sweeps_us < wake_us)
        wake_us = sweeps_us;
    if (wake_us == UINT64_MAX)
        return -1;
    return wake_us <= now_us ? 0 : (long)((wake_us - now_us + 999) / 1000);
}

static int loop(struct daemon *daemon)
{
    enum { STOP, STATUS, SWEEPER, FIXED };
    for (;;) {
        zmq_pollitem_t items[FIXED + LINK_POLL_ITEMS] = {
            [STOP] = {.fd = daemon->options->stop_fd, .events = ZMQ_POLLIN},
            [STATUS] = {.fd = daemon->status_fd, .events = ZMQ_POLLIN},
            [SWEEPER] = {.socket = sweeper_socket(daemon->sweeper), .events = ZMQ_POLLIN},
        };
        size_t count = FIXED + uplink_poll_items(daemon->uplink, items + FIXED);
        int ready = zmq_poll(items, (int)count, timeout_ms(daemon, clock_monotonic_us()));
        if (ready < 0 && errno != EINTR)
            return daemon_give_up(EX_OSERR, "cannot wait for events: %s", zmq_strerror(errno));
        if (ready > 0 && items[STOP].revents)
            return EX_OK;
        if (ready > 0 && items[STATUS].revents)
            daemon_answer_status(daemon);
        work(daemon);
    }
}

int daemon_run(const struct daemon_options *options)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    if (!daemon)
        return daemon_give_up(EX_OSERR, "no memory");
    int code = daemon_start(daemon, options);
    if (code == EX_OK)
        code = loop(daemon);
    daemon_stop(daemon);
    free(daemon);
    return code;
}
