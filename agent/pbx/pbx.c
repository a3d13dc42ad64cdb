#include "pbx/pbx.h"

#include "base/clock.h"
#include "base/log.h"
#include "pbx/process.h"
#include "pbx/stopped.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARGIN_S 30 /* for what a keeper does besides running hooks */

/* --- the way to a keeper --- */

/* A keeper of our own: the program detaches itself, so the process that we started ends at once. */
static int start_keeper(const struct pbx_config *config)
{
    int ends[2], status = 0;
    pid_t pid;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -errno;
    int error = process_start(config->keeper, ends[1], &pid);
    close(ends[1]);
    while (!error && waitpid(pid, &status, 0) < 0)
        error = errno == EINTR ? 0 : -errno;
    if (!error && status == 0)
        return ends[0];
    close(ends[0]);
    return error ? error : -EIO;
}

static int connect_to_root(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int error = -errno;
    close(fd);
    return error;
}

/* Root acts for itself; anybody else asks the root unit where there is one. */
static bool asks_root(const struct pbx_config *config)
{
    return geteuid() != 0 && config->socket[0] && access(config->socket, F_OK) == 0;
}

static int reach_keeper(const struct pbx_config *config)
{
    int fd = asks_root(config) ? connect_to_root(config->socket) : start_keeper(config);
    if (fd < 0)
        log_error("pbx", NULL, "cannot reach what stops and starts the PBX: %s", strerror(-fd));
    return fd;
}

/* --- the dialogue --- */

static bool order(int fd, enum pbx_order order)
{
    unsigned char byte = (unsigned char)order;
    return send(fd, &byte, sizeof byte, MSG_NOSIGNAL) == 1;
}

/* Waits for an answer; when `cancel_fd` becomes readable the keeper is told to start at once. */
static enum pbx_answer hear(int fd, int cancel_fd, uint32_t timeout_s)
{
    uint64_t deadline_us = clock_monotonic_us() + timeout_s * 1000000ull;
    struct pollfd watched[] = {{.fd = fd, .events = POLLIN}, {.fd = cancel_fd, .events = POLLIN}};
    unsigned char byte = PBX_SILENT;
    for (uint64_t now_us; (now_us = clock_monotonic_us()) < deadline_us;) {
        int ready = poll(watched, ARRAY_LEN(watched), (int)((deadline_us - now_us + 999) / 1000));
        if (ready > 0 && watched[0].revents && recv(fd, &byte, sizeof byte, 0) != 1)
            return PBX_SILENT;
        if (ready > 0 && watched[0].revents && byte != PBX_WANTED)
            return (enum pbx_answer)byte;
        if (ready > 0 && watched[1].revents) {
            watched[1].fd = -1; /* once */
            if (!order(fd, PBX_START))
                return PBX_SILENT;
        }
    }
    return PBX_SILENT;
}

static uint32_t start_patience_s(const struct pbx_config *config)
{
    return config->start_timeout_s + MARGIN_S;
}

/* A keeper may have an earlier stop to undo first. */
static uint32_t stop_patience_s(const struct pbx_config *config)
{
    return config->stop_timeout_s + config->start_timeout_s + MARGIN_S;
}

static bool start_follows(enum pbx_answer answer)
{
    return answer == PBX_STOP_FAILED || answer == PBX_STOP_TIMED_OUT || answer == PBX_STOP_CUT_SHORT;
}

enum pbx_answer pbx_stop(const struct pbx_config *config, int cancel_fd, struct pbx *pbx, enum pbx_answer *start)
{
    enum pbx_answer answer = PBX_SILENT;
    *start = PBX_STARTED;
    int fd = reach_keeper(config);
    if (fd < 0)
        return PBX_SILENT;
    if (order(fd, PBX_STOP))
        answer = hear(fd, cancel_fd, stop_patience_s(config));
    if (answer == PBX_STOPPED) {
        *pbx = (struct pbx){.config = config, .fd = fd};
        return answer;
    }
    if (start_follows(answer))
        *start = hear(fd, -1, start_patience_s(config));
    else if (answer == PBX_SILENT)
        *start = PBX_SILENT;
    else if (answer == PBX_NOT_RECOVERED)
        *start = PBX_NOT_STARTED;
    close(fd);
    return answer;
}

enum pbx_answer pbx_start(struct pbx *pbx)
{
    enum pbx_answer answer = PBX_SILENT;
    /* One that started it early has said so and is gone: what it said can still be read. */
    (void)!order(pbx->fd, PBX_START);
    answer = hear(pbx->fd, -1, start_patience_s(pbx->config));
    close(pbx->fd);
    pbx->fd = -1;
    return answer;
}

void pbx_recover(const struct pbx_config *config)
{
    struct hooks stopped;
    if (!asks_root(config) && stopped_read(config->folder, &stopped) == -ENOENT)
        return;
    int fd = reach_keeper(config);
    if (fd < 0)
        return;
    if (!order(fd, PBX_RECOVER))
        log_error("pbx", NULL, "the PBX may still be stopped; see 'natsweep-agent restore'");
    close(fd);
}
