#include "pbx/keeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "pbx/action.h"
#include "pbx/dialogue.h"
#include "pbx/guard.h"
#include "pbx/restore.h"
#include "pbx/stopped.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define ORDER_MS 5000       /* who connects says at once what for */
#define RELEASE_MS 3000     /* for an agent to close its sockets; one that does not is frozen */
#define RETRIES 20          /* of a start that fails, */
#define RETRY_PAUSE_MS 1000 /* after this pause, which grows with each */

struct keeper {
    const struct pbx_config *config;
    int fd;      /* the agent */
    int wake_fd; /* readable when the agent said something or is gone, or when a signal came */
    int signal_fd, lock_fd;
    int agent_fd; /* the agent's process */
    struct hooks stopped;
};

/* Returns what the agent said; PBX_START when it is gone or says nothing in time. */
static int hear(int fd, int timeout_ms)
{
    unsigned char byte = PBX_START;
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    if (poll(&readable, 1, timeout_ms) <= 0 || recv(fd, &byte, sizeof byte, 0) != 1)
        return PBX_START;
    return byte;
}

static void say(const struct keeper *keeper, enum pbx_answer answer)
{
    unsigned char byte = (unsigned char)answer;
    if (send(keeper->fd, &byte, sizeof byte, MSG_NOSIGNAL | MSG_DONTWAIT) != 1)
        log_warning("pbx", NULL, "the agent is gone and does not hear: %s", pbx_answer_text(answer));
}

/* --- down --- */

static enum pbx_answer lock(struct keeper *keeper)
{
    pid_t holder;
    keeper->lock_fd = stopped_lock(keeper->config->folder, &holder);
    if (keeper->lock_fd >= 0)
        return PBX_STOPPED;
    if (keeper->lock_fd == -EBUSY)
        return PBX_BUSY;
    log_error("pbx", keeper->config->folder, "cannot use the folder: %s", strerror(-keeper->lock_fd));
    return PBX_NOT_RECORDED;
}

static bool woken(const struct keeper *keeper)
{
    struct pollfd watched = {.fd = keeper->wake_fd, .events = POLLIN};
    return poll(&watched, 1, 0) > 0;
}

/* On disk, then the guard, then the stop: from whichever step on nobody goes on, the one before puts it back. */
static enum pbx_answer stop_guarded(struct keeper *keeper)
{
    const struct pbx_config *config = keeper->config;
    int error = stopped_write(config->folder, &keeper->stopped);
    if (error) {
        log_error("pbx", config->folder, "cannot record what is about to be stopped: %s", strerror(-error));
        return PBX_NOT_RECORDED;
    }
    if (guard_arm(config, &keeper->stopped)) {
        error = stopped_remove(config->folder);
        if (error)
            log_error("pbx", config->folder, "cannot forget what was not stopped: %s", strerror(-error));
        return PBX_NOT_GUARDED;
    }
    return woken(keeper) ? PBX_STOP_CUT_SHORT : action_stop(config, &keeper->stopped, keeper->wake_fd);
}

static enum pbx_answer take_down(struct keeper *keeper)
{
    if (!hooks_given(&keeper->config->hooks))
        return PBX_NOT_CONFIGURED;
    enum pbx_answer answer = lock(keeper);
    if (answer != PBX_STOPPED)
        return answer;
    if (restore_recorded(keeper->config))
        return PBX_NOT_RECOVERED;
    if (action_choose(keeper->config, &keeper->stopped))
        return PBX_STOP_FAILED;
    if (!hooks_given(&keeper->stopped)) {
        log_info("pbx", NULL, "none of its units runs: there is nothing to stop");
        return PBX_STOPPED;
    }
    return stop_guarded(keeper);
}

/* --- up --- */

/* Returns false when somebody ends us, who then takes care of the PBX. */
static bool pause_retries(const struct keeper *keeper, int milliseconds)
{
    struct pollfd signalled = {.fd = keeper->signal_fd, .events = POLLIN};
    return poll(&signalled, 1, milliseconds) == 0;
}

/* Returns 0 once the PBX runs. The agent hears about the first attempt; later ones are between us and the log. */
static int bring_up(const struct keeper *keeper, enum pbx_answer when_done)
{
    if (!hooks_given(&keeper->stopped)) {
        say(keeper, when_done);
        return 0;
    }
    int error = restore_stopped(keeper->config, &keeper->stopped);
    say(keeper, error ? PBX_NOT_STARTED : when_done);
    for (int retry = 1; error && retry <= RETRIES && pause_retries(keeper, retry * RETRY_PAUSE_MS); retry++)
        error = restore_stopped(keeper->config, &keeper->stopped);
    if (error)
        log_error("pbx", NULL, "the PBX does not start; 'natsweep-agent restore' tries again");
    return error;
}

/* While the sweep runs. */
static enum pbx_answer wait_for_start(const struct keeper *keeper, uint64_t deadline_us)
{
    uint64_t now_us = clock_monotonic_us();
    struct pollfd watched[] = {{.fd = keeper->fd, .events = POLLIN}, {.fd = keeper->signal_fd, .events = POLLIN}};
    while (now_us < deadline_us) {
        int ready = poll(watched, ARRAY_LEN(watched), (int)((deadline_us - now_us + 999) / 1000));
        if (ready > 0 && watched[0].revents)
            return PBX_STARTED;
        if (ready > 0)
            break;
        now_us = clock_monotonic_us();
    }
    log_warning("pbx", NULL, "starting the PBX before the sweep is over");
    return PBX_STARTED_EARLY;
}

/* Of the process at the other end, whoever gets its number later. */
static int open_agent(int fd)
{
    struct ucred agent;
    socklen_t len = sizeof agent;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &agent, &len) != 0)
        return -errno;
    int agent_fd = pidfd_open(agent.pid, 0);
    return agent_fd >= 0 ? agent_fd : -errno;
}

/* The sweep may hold the PBX's ports. An agent that hears us gives them back; one that is frozen is ended. */
static void take_ports(const struct keeper *keeper)
{
    struct pollfd heard = {.fd = keeper->fd, .events = POLLIN}, gone = {.fd = keeper->agent_fd, .events = POLLIN};
    if (!hooks_given(&keeper->stopped))
        return;
    say(keeper, PBX_WANTED);
    if (poll(&heard, 1, RELEASE_MS) != 0)
        return;
    log_error("pbx", NULL, "the agent does not give the PBX's ports back: ending it");
    if (keeper->agent_fd < 0 || pidfd_send_signal(keeper->agent_fd, SIGKILL, NULL, 0) != 0)
        log_error("pbx", NULL, "cannot end the agent");
    else
        (void)poll(&gone, 1, RELEASE_MS);
}

/* Of an agent that is killed in its midst this connection may end before the ports are free. */
static void outlive_agent(const struct keeper *keeper)
{
    unsigned char byte;
    struct pollfd gone = {.fd = keeper->agent_fd, .events = POLLIN};
    ssize_t said = recv(keeper->fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT);
    bool hung_up = said == 0 || (said < 0 && errno != EAGAIN);
    if (hung_up && keeper->agent_fd >= 0)
        (void)poll(&gone, 1, RELEASE_MS);
}

static int start_when_wanted(struct keeper *keeper, uint64_t deadline_us)
{
    enum pbx_answer answer = wait_for_start(keeper, deadline_us);
    if (answer == PBX_STARTED_EARLY)
        take_ports(keeper);
    outlive_agent(keeper);
    return bring_up(keeper, answer);
}

static int serve_stop(struct keeper *keeper)
{
    keeper->agent_fd = open_agent(keeper->fd);
    uint64_t deadline_us = clock_monotonic_us() + keeper->config->max_stopped_s * 1000000ull;
    enum pbx_answer answer = take_down(keeper);
    say(keeper, answer);
    switch (answer) {
    case PBX_STOPPED: return start_when_wanted(keeper, deadline_us);
    case PBX_STOP_FAILED:
    case PBX_STOP_TIMED_OUT:
    case PBX_STOP_CUT_SHORT: return bring_up(keeper, PBX_STARTED);
    default: return 0;
    }
}

/* --- the dialogue --- */

static int watch(int epoll_fd, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

static int open_wake(struct keeper *keeper)
{
    sigset_t ends;
    signal(SIGPIPE, SIG_IGN); /* the log may lead to a terminal or program that is gone */
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    keeper->signal_fd = signalfd(-1, &ends, SFD_CLOEXEC);
    keeper->wake_fd = epoll_create1(EPOLL_CLOEXEC);
    if (keeper->signal_fd < 0 || keeper->wake_fd < 0)
        return -errno;
    int error = watch(keeper->wake_fd, keeper->fd);
    return error ? error : watch(keeper->wake_fd, keeper->signal_fd);
}

static void close_all(const struct keeper *keeper)
{
    const int descriptors[] = {keeper->signal_fd, keeper->wake_fd, keeper->lock_fd, keeper->agent_fd};
    for (size_t i = 0; i < ARRAY_LEN(descriptors); i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
}

int keeper_serve(int fd, const struct pbx_config *config, bool refuse)
{
    struct keeper keeper = {.config = config, .fd = fd, .wake_fd = -1, .signal_fd = -1, .lock_fd = -1, .agent_fd = -1};
    int error = open_wake(&keeper);
    int order = error ? PBX_START : hear(fd, ORDER_MS);
    if (error)
        log_error("pbx", NULL, "cannot watch over the PBX: %s", strerror(-error));
    else if (order == PBX_RECOVER)
        error = restore_abandoned(config);
    else if (order == PBX_STOP && !refuse)
        error = serve_stop(&keeper);
    else if (order == PBX_STOP)
        say(&keeper, PBX_REFUSED);
    close_all(&keeper);
    return error;
}

int keeper_detach(void)
{
    pid_t pid = fork();
    if (pid > 0)
        _exit(0);
    return pid == 0 ? 0 : -errno;
}
