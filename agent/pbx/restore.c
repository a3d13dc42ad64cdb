#include "pbx/restore.h"

#include "base/log.h"
#include "pbx/action.h"
#include "pbx/guard.h"
#include "pbx/stopped.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#define KEEPER_MARGIN_S 30 /* for what a keeper does besides running the start hook */

int restore_stopped(const struct pbx_config *config, const struct hooks *stopped)
{
    int error = action_start(config, stopped);
    if (error)
        return error;
    guard_disarm(config);
    error = stopped_remove(config->folder);
    if (error)
        log_error("pbx", config->folder, "cannot forget that the PBX was stopped: %s", strerror(-error));
    return error;
}

int restore_recorded(const struct pbx_config *config)
{
    struct hooks stopped;
    int error = stopped_read(config->folder, &stopped);
    if (error == -ENOENT)
        return 0;
    if (error == -EBADMSG && hooks_given(&config->hooks)) {
        log_error("pbx", config->folder, "the record of what is stopped is damaged: all that is configured is started");
        stopped = config->hooks;
    } else if (error) {
        log_error("pbx", config->folder, "cannot read what is stopped: %s", strerror(-error));
        return error;
    }
    log_warning("pbx", NULL, "an earlier sweep left the PBX stopped: starting it");
    return restore_stopped(config, &stopped);
}

int restore_abandoned(const struct pbx_config *config)
{
    pid_t holder;
    int lock_fd = stopped_lock(config->folder, &holder);
    if (lock_fd == -EBUSY)
        return 0;
    if (lock_fd < 0) {
        log_error("pbx", config->folder, "cannot use the folder: %s", strerror(-lock_fd));
        return lock_fd;
    }
    int error = restore_recorded(config);
    close(lock_fd);
    return error;
}

/* Returns 0 once the keeper has gone. */
static int end_keeper(const struct pbx_config *config, pid_t keeper)
{
    int pid_fd = keeper > 0 ? pidfd_open(keeper, 0) : -1;
    if (pid_fd < 0)
        return keeper > 0 && errno == ESRCH ? 0 : -EBUSY;
    struct pollfd gone = {.fd = pid_fd, .events = POLLIN};
    int timeout_ms = (int)(config->start_timeout_s + KEEPER_MARGIN_S) * 1000;
    int error = pidfd_send_signal(pid_fd, SIGTERM, NULL, 0) == 0 && poll(&gone, 1, timeout_ms) > 0 ? 0 : -EBUSY;
    close(pid_fd);
    return error;
}

/* Returns the lock or a negative error. */
static int take_lock(const struct pbx_config *config, bool *ended_keeper)
{
    pid_t holder = 0;
    int lock_fd = stopped_lock(config->folder, &holder);
    if (lock_fd != -EBUSY)
        return lock_fd;
    int error = end_keeper(config, holder);
    if (error)
        return error;
    *ended_keeper = true;
    return stopped_lock(config->folder, &holder);
}

static int explain(const char *folder, int error, char *message)
{
    if (error == -EBUSY)
        snprintf(message, RESTORE_MESSAGE_BYTES, "a sweep has the PBX stopped and does not give it back; end it first");
    else if (error == -EPERM)
        snprintf(message, RESTORE_MESSAGE_BYTES, "others may write %s: chown it to root and chmod it to 700", folder);
    else if (error == -EACCES)
        snprintf(message, RESTORE_MESSAGE_BYTES, "only root may restore the PBX");
    else
        snprintf(message, RESTORE_MESSAGE_BYTES, "cannot use the folder %s: %s", folder, strerror(-error));
    return error;
}

int restore_now(const struct pbx_config *config, char message[RESTORE_MESSAGE_BYTES])
{
    struct hooks stopped;
    bool ended_keeper = false;
    int lock_fd = take_lock(config, &ended_keeper);
    if (lock_fd < 0)
        return explain(config->folder, lock_fd, message);
    bool recorded = stopped_read(config->folder, &stopped) != -ENOENT;
    int error = restore_recorded(config);
    close(lock_fd);
    if (error)
        snprintf(message, RESTORE_MESSAGE_BYTES, "the PBX does not start; the log above says why");
    else
        snprintf(message, RESTORE_MESSAGE_BYTES, "%s",
                 recorded || ended_keeper ? "the PBX runs again" : "no sweep has left the PBX stopped");
    return error ? error : recorded || ended_keeper;
}
