/* What the daemon is made of, from the first part to the last. */
#ifndef AGENT_DAEMON_PARTS_H
#define AGENT_DAEMON_PARTS_H

#include "agent/daemon.h"
#include "agent/membership.h"
#include "agent/pbx_setup.h"
#include "base/attributes.h"
#include "command/sweeps.h"
#include "uplink/uplink.h"

#include <stdint.h>

struct daemon {
    const struct daemon_options *options;
    const struct agent_settings *settings;
    int lock_fd, status_fd;
    struct membership membership;
    struct policy policy;
    struct pbx_setup pbx;
    void *context;
    struct database *database;
    struct spool spool;
    struct sweeper *sweeper;
    struct sweeps *sweeps;
    struct uplink *uplink;
    uint64_t housekeeping_us;
};

/* `daemon` is all zeros. Returns a sysexits code; what is wrong was logged. The caller stops in any case. */
int daemon_start(struct daemon *daemon, const struct daemon_options *options) MUST_CHECK;
/* The start, mirrored. The running sweep ends first, and what it found is stored; the session gets a last chance to
 * send it. */
void daemon_stop(struct daemon *daemon);

/* Logs why the daemon cannot go on; returns `code`. */
int daemon_give_up(int code, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
