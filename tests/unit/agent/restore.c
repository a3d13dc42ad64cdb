/* The command as a person types it. */
#include "agent/restore.h"

#include "base/attributes.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* Runs it in a child with what it prints in the file "said". */
static int run(const char *flag)
{
    char *argv[] = {(char *)"restore", (char *)"--settings", (char *)"agent.conf", (char *)flag, NULL};
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("said", "w", stdout) || dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
            _exit(EX_OSERR);
        int exit_code = restore_command(flag ? 4 : 3, argv);
        _exit(fflush(stdout) == 0 ? exit_code : EX_IOERR);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void assert_said(const char *words)
{
    char said[4096];
    assert_int_equal(file_read("said", said, sizeof said, NULL), 0);
    assert_non_null(strstr(said, words));
}

static void write_text(const char *path, const char *text)
{
    assert_int_equal(file_replace(path, 0600, text, strlen(text)), 0);
}

static void leave_stopped(const char *start)
{
    char text[256];
    assert_int_equal(mkdir("state", 0700), 0);
    (void)snprintf(text, sizeof text, "natsweep-pbx 1\nunits \nstop /bin/true\nstart %s\nend\n", start);
    write_text("state/stopped", text);
}

static void nothing_to_restore_is_no_error(void **state)
{
    (void)state;
    assert_int_equal(run(NULL), EX_OK);
    assert_said("no sweep");
    assert_int_equal(run("--abandoned"), EX_OK);
}

static void what_was_stopped_is_started(void **state)
{
    (void)state;
    leave_stopped("/bin/true");
    assert_int_equal(run(NULL), EX_OK);
    assert_said("runs again");
    assert_int_equal(access("state/stopped", F_OK), -1);
}

static void what_nobody_looks_after_is_started(void **state)
{
    (void)state;
    leave_stopped("/bin/true");
    assert_int_equal(run("--abandoned"), EX_OK);
    assert_int_equal(access("state/stopped", F_OK), -1);
}

static void what_does_not_start_is_told(void **state)
{
    (void)state;
    leave_stopped("/bin/false");
    assert_int_equal(run(NULL), EX_UNAVAILABLE);
    assert_said("does not start");
    assert_int_equal(run("--abandoned"), EX_UNAVAILABLE);
    assert_int_equal(access("state/stopped", F_OK), 0);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    assert_int_equal(run("--bogus"), EX_USAGE);
    assert_int_equal(run("more"), EX_USAGE);
    assert_int_equal(run("--help"), EX_OK);
    assert_said("--abandoned");
    write_text("agent.conf", "[pbx]\nunit = x\n");
    assert_int_equal(run(NULL), EX_CONFIG);
    assert_said("'x'");
}

static void a_folder_that_others_may_write_is_no_folder(void **state)
{
    (void)state;
    leave_stopped("/bin/true");
    assert_int_equal(chmod("state", 0777), 0);
    assert_int_equal(run(NULL), EX_NOPERM);
    assert_said("chmod");
}

static int set_up(void **state)
{
    char *folder = strdup("/tmp/natsweep-restore-XXXXXX"), text[128];
    *state = folder;
    if (!folder || !mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    (void)snprintf(text, sizeof text, "[pbx]\nstate_folder = %s/state\n", folder);
    write_text("agent.conf", text);
    return 0;
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
        CASE(nothing_to_restore_is_no_error),
        CASE(what_was_stopped_is_started),
        CASE(what_nobody_looks_after_is_started),
        CASE(what_does_not_start_is_told),
        CASE(mistakes_are_told),
        CASE(a_folder_that_others_may_write_is_no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
