#include "pbx/process.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a root shell would look into; nothing of the caller's environment reaches a hook. */
static char *const fixed_environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                          "LANG=C.UTF-8", NULL};

static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error =
        posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawnattr_setsigmask(attributes, &none);
    return error ? error : posix_spawnattr_setsigdefault(attributes, &all);
}

/* Output descriptor -1: standard output goes nowhere, standard error stays. */
static int set_descriptors(posix_spawn_file_actions_t *actions, int input_fd, int output_fd)
{
    int error = input_fd >= 0 ? posix_spawn_file_actions_adddup2(actions, input_fd, STDIN_FILENO)
                              : posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!error)
        error = output_fd >= 0 ? posix_spawn_file_actions_adddup2(actions, output_fd, STDOUT_FILENO)
                               : posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (!error && output_fd >= 0)
        error = posix_spawn_file_actions_adddup2(actions, output_fd, STDERR_FILENO);
    return error ? error : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

static int spawn(char *const argv[], char *const environment[], int input_fd, int output_fd, pid_t *pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error)
        return -error;
    error = posix_spawn_file_actions_init(&actions);
    if (!error) {
        error = set_attributes(&attributes);
        if (!error)
            error = set_descriptors(&actions, input_fd, output_fd);
        if (!error)
            error = posix_spawn(pid, argv[0], &actions, &attributes, argv, environment);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return -error;
}

int process_start(char *const argv[], int input_fd, pid_t *pid)
{
    return spawn(argv, environ, input_fd, -1, pid);
}

static int remaining_ms(uint64_t deadline_us)
{
    uint64_t now_us = clock_monotonic_us();
    return now_us >= deadline_us ? 0 : (int)((deadline_us - now_us + 999) / 1000);
}

/* Returns how the wait ended: PROCESS_EXITED says only that it ended by itself. */
static enum process_how wait_for_end(int pid_fd, const struct process_limits *limits)
{
    uint64_t deadline_us = clock_monotonic_us() + limits->timeout_ms * 1000ull;
    struct pollfd watched[] = {{.fd = pid_fd, .events = POLLIN}, {.fd = limits->interrupt_fd, .events = POLLIN}};
    for (;;) {
        int left_ms = remaining_ms(deadline_us);
        int ready = poll(watched, 2, left_ms);
        if (ready > 0 && watched[0].revents)
            return PROCESS_EXITED;
        if (ready > 0 && watched[1].revents)
            return PROCESS_INTERRUPTED;
        if (left_ms == 0)
            return PROCESS_TIMED_OUT;
    }
}

static void reap(pid_t pid, struct process_end *end)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (end->how != PROCESS_EXITED)
        return;
    if (WIFSIGNALED(status))
        end->how = PROCESS_KILLED;
    end->exit_code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void read_first_line(int output_fd, char said[PROCESS_SAID_BYTES])
{
    ssize_t len = pread(output_fd, said, PROCESS_SAID_BYTES - 1, 0);
    said[len > 0 ? len : 0] = '\0';
    said[strcspn(said, "\r\n")] = '\0';
}

static int run(char *const argv[], const struct process_limits *limits, int output_fd, struct process_end *end)
{
    pid_t pid = 0;
    int error = spawn(argv, fixed_environment, -1, output_fd, &pid);
    if (error)
        return error;
    int pid_fd = pidfd_open(pid, 0);
    end->how = pid_fd >= 0 ? wait_for_end(pid_fd, limits) : PROCESS_TIMED_OUT;
    if (end->how != PROCESS_EXITED)
        kill(limits->with_group ? -pid : pid, SIGKILL);
    reap(pid, end);
    if (pid_fd >= 0)
        close(pid_fd);
    return 0;
}

int process_run(char *const argv[], const struct process_limits *limits, struct process_end *end)
{
    *end = (struct process_end){0};
    /* Not a pipe: a service that goes on must not hang on, or be killed by, an output that nobody reads. */
    int output_fd = memfd_create("natsweep-hook", MFD_CLOEXEC);
    if (output_fd < 0)
        return -errno;
    int error = run(argv, limits, output_fd, end);
    if (!error)
        read_first_line(output_fd, end->said);
    close(output_fd);
    return error;
}
