/* Who may have the PBX stopped: the kernel's word and the settings file's owner decide. */
#include "agent/pbx_keeper.h"

#include "base/attributes.h"
#include "base/file.h"
#include "pbx/dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define HOOKS "[pbx]\nstop_command = /bin/true\nstart_command = /bin/true\nstate_folder = %s/state\n"
#define NOBODY 65534

static void write_settings(const char *folder, mode_t mode, const char *more)
{
    char text[512];
    int len = snprintf(text, sizeof text, HOOKS "%s", folder, more);
    assert_int_equal(file_replace("agent.conf", mode, text, (size_t)len), 0);
}

static _Noreturn void serve(int fd)
{
    char *argv[] = {(char *)"pbx-keeper", (char *)"--settings", (char *)"agent.conf", NULL};
    _exit(dup2(fd, STDIN_FILENO) == STDIN_FILENO ? pbx_keeper_command(3, argv) : 1);
}

/* What the keeper answers to a stop, when `agent` has made the connection. */
static enum pbx_answer ask(uid_t agent)
{
    int ends[2];
    char byte = PBX_STOP, start = PBX_START;
    assert_int_equal(seteuid(agent), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(seteuid(getuid()), 0);
    pid_t keeper = fork();
    if (keeper == 0) {
        close(ends[0]);
        serve(ends[1]);
    }
    close(ends[1]);
    assert_int_equal(write(ends[0], &byte, 1), 1);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    (void)send(ends[0], &start, 1, MSG_NOSIGNAL); /* who hangs up without it is waited for to die */
    close(ends[0]);
    assert_int_equal(waitpid(keeper, NULL, 0), keeper);
    return (enum pbx_answer)byte;
}

static void who_started_it_may(void **state)
{
    write_settings(*state, 0644, "");
    assert_int_equal(ask(geteuid()), PBX_STOPPED);
}

static void settings_that_others_may_write_do_not_count(void **state)
{
    static const mode_t modes[] = {0664, 0646};
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        write_settings(*state, modes[i], "");
        assert_int_equal(ask(geteuid()), PBX_REFUSED);
    }
}

static void settings_of_somebody_else_do_not_count(void **state)
{
    if (geteuid() != 0)
        skip();
    write_settings(*state, 0644, "");
    assert_int_equal(chown("agent.conf", NOBODY, 0), 0);
    assert_int_equal(ask(0), PBX_REFUSED);
}

static void an_agent_without_root_needs_the_policy(void **state)
{
    if (geteuid() != 0)
        skip();
    write_settings(*state, 0644, "");
    assert_int_equal(ask(NOBODY), PBX_REFUSED);
    write_settings(*state, 0644, "[policy]\nallow_exclusive = yes\n");
    assert_int_equal(ask(NOBODY), PBX_STOPPED);
}

static void it_serves_sockets_only(void **state)
{
    (void)state;
    int status, fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_t keeper = fork();
    if (keeper == 0)
        serve(fd);
    assert_int_equal(waitpid(keeper, &status, 0), keeper);
    assert_int_equal(WEXITSTATUS(status), EX_USAGE);
    close(fd);
}

static int set_up(void **state)
{
    char *folder = strdup("/tmp/natsweep-keeper-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? chdir(folder) : -1;
}

static int tear_down(void **state)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r '%s'", (char *)*state);
    free(*state);
    return chdir("/") == 0 ? system(command) : -1; /* NOLINT(cert-env33-c): the path is ours */
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(who_started_it_may),
        CASE(settings_that_others_may_write_do_not_count),
        CASE(settings_of_somebody_else_do_not_count),
        CASE(an_agent_without_root_needs_the_policy),
        CASE(it_serves_sockets_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
