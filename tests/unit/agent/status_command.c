#include "agent/status_command.h"

#include "agent/state_folder.h"
#include "agent/status_socket.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

static int ask(char *folder)
{
    char *arguments[] = {(char *)"status", (char *)"--state-dir", folder, (char *)"--format", (char *)"json", NULL};
    return status_command(5, arguments);
}

static void test_the_command_asks_the_daemon(void **state)
{
    (void)state;
    char folder[] = "/tmp/natsweep-status-XXXXXX", path[STATE_PATH_BYTES];
    assert_non_null(mkdtemp(folder));
    assert_int_equal(ask(folder), EX_UNAVAILABLE);
    int listener = status_listen(folder);
    assert_true(listener >= 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(ask(folder));
    struct pollfd fd = {.fd = listener, .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 20000), 1);
    status_answer(listener, &(struct agent_status){.version = "1.2.3"});
    int code;
    waitpid(child, &code, 0);
    assert_int_equal(WEXITSTATUS(code), EX_OK);
    close(listener);
    assert_int_equal(ask(folder), EX_UNAVAILABLE); /* the socket of a killed daemon */
    unlink(state_path(folder, STATE_SOCKET, path));
    rmdir(folder);
}

static void test_bad_flags_are_usage(void **state)
{
    (void)state;
    char *extra[] = {(char *)"status", (char *)"now", NULL};
    char *format[] = {(char *)"status", (char *)"--format", (char *)"xml", NULL};
    assert_int_equal(status_command(2, extra), EX_USAGE);
    assert_int_equal(status_command(3, format), EX_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_command_asks_the_daemon),
        cmocka_unit_test(test_bad_flags_are_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
