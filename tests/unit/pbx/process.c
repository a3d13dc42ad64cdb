#include "pbx/process.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_LIMIT                                                                                                       \
    {                                                                                                                  \
        .timeout_ms = 60000, .interrupt_fd = -1                                                                        \
    }

static struct process_end run(const char *script, struct process_limits limits)
{
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)script, NULL};
    struct process_end end;
    assert_int_equal(process_run(argv, &limits, &end), 0);
    return end;
}

static void its_end_and_first_line_are_told(void **state)
{
    (void)state;
    struct process_end end = run("echo first >&2; echo second; exit 7", (struct process_limits)NO_LIMIT);
    assert_int_equal(end.how, PROCESS_EXITED);
    assert_int_equal(end.exit_code, 7);
    assert_string_equal(end.said, "first");
    end = run("kill -9 $$", (struct process_limits)NO_LIMIT);
    assert_int_equal(end.how, PROCESS_KILLED);
    assert_int_equal(end.exit_code, SIGKILL);
}

static void what_cannot_be_started_is_an_error(void **state)
{
    (void)state;
    char *argv[] = {(char *)"/nonexistent/program", NULL};
    struct process_end end;
    const struct process_limits limits = NO_LIMIT;
    assert_int_equal(process_run(argv, &limits, &end), -ENOENT);
}

/* Descriptor 9 is open here, SIGPIPE ignored, SIGTERM blocked, and there is an environment. */
static void nothing_is_inherited(void **state)
{
    (void)state;
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    assert_int_equal(dup2(STDERR_FILENO, 9), 9);
    assert_int_equal(setenv("SECRET", "x", 1), 0);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &term, NULL);
    struct process_end end = run("[ -z \"$SECRET\" ] && [ ! -e /proc/self/fd/9 ] && ! read line", /* no input */
                                 (struct process_limits)NO_LIMIT);
    assert_int_equal(end.exit_code, 0);
    assert_int_equal(run("kill -PIPE $$", (struct process_limits)NO_LIMIT).how, PROCESS_KILLED);
    assert_int_equal(run("kill -TERM $$", (struct process_limits)NO_LIMIT).how, PROCESS_KILLED);
    sigprocmask(SIG_UNBLOCK, &term, NULL);
    signal(SIGPIPE, SIG_DFL);
    close(9);
}

static void a_limit_ends_it(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[1]); /* readable */
    struct process_limits limits = {.timeout_ms = 60000, .interrupt_fd = ends[0]};
    assert_int_equal(run("exec sleep 1000", limits).how, PROCESS_INTERRUPTED);
    limits = (struct process_limits){.timeout_ms = 20, .interrupt_fd = -1};
    assert_int_equal(run("exec sleep 1000", limits).how, PROCESS_TIMED_OUT);
    close(ends[0]);
}

/* The background process holds a pipe open for as long as it lives. */
static void what_it_began_ends_with_it_when_asked(void **state)
{
    (void)state;
    char path[] = "/tmp/natsweep-process-XXXXXX", script[128], byte;
    assert_non_null(mkdtemp(path));
    assert_int_equal(chdir(path), 0);
    assert_int_equal(system("mkfifo fifo"), 0); /* NOLINT(cert-env33-c) */
    (void)snprintf(script, sizeof script, "cd %s; { exec sleep 1000; } 5> fifo & wait", path);
    /* Opened for both, so that it does not wait for a writer; then the writing end is given up by a second opening. */
    FILE *fifo = fopen("fifo", "r+");
    assert_non_null(fifo);
    struct process_limits limits = {.timeout_ms = 200, .interrupt_fd = -1, .with_group = true};
    assert_int_equal(run(script, limits).how, PROCESS_TIMED_OUT);
    FILE *reader = fopen("fifo", "r");
    assert_non_null(reader);
    fclose(fifo);
    assert_int_equal(fread(&byte, 1, 1, reader), 0); /* comes back only because no writer is left */
    fclose(reader);
    assert_int_equal(unlink("fifo"), 0);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(path), 0);
}

static void a_keeper_gets_its_socket_as_input(void **state)
{
    (void)state;
    int ends[2];
    char answer[8] = "";
    pid_t pid;
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)"read line; echo $line$SECRET >&0", NULL};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(setenv("SECRET", "x", 1), 0); /* the environment stays: it is our own program */
    assert_int_equal(process_start(argv, ends[1], &pid), 0);
    close(ends[1]);
    assert_int_equal(write(ends[0], "hi\n", 3), 3);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(read(ends[0], answer, sizeof answer), 4);
    assert_memory_equal(answer, "hix\n", 4);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_end_and_first_line_are_told),
        cmocka_unit_test(what_cannot_be_started_is_an_error),
        cmocka_unit_test(nothing_is_inherited),
        cmocka_unit_test(a_limit_ends_it),
        cmocka_unit_test(what_it_began_ends_with_it_when_asked),
        cmocka_unit_test(a_keeper_gets_its_socket_as_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
