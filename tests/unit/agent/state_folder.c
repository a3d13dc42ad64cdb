#include "agent/state_folder.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char top[64], folder[80], message[SETTINGS_MESSAGE_BYTES];

static int setup(void **state)
{
    (void)state;
    snprintf(top, sizeof top, "/tmp/natsweep-state-XXXXXX");
    assert_non_null(mkdtemp(top));
    snprintf(folder, sizeof folder, "%s/agent", top);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char path[STATE_PATH_BYTES];
    unlink(state_path(folder, STATE_LOCK, path));
    rmdir(folder);
    return rmdir(top);
}

static void test_it_is_made_for_its_owner_only(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(state_folder_make(folder, message), 0);
    assert_int_equal(stat(folder, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(state_folder_make(folder, message), 0); /* again is fine */
}

static void test_what_cannot_be_made_is_named(void **state)
{
    (void)state;
    char nowhere[96];
    snprintf(nowhere, sizeof nowhere, "%s/not/there", top);
    assert_int_equal(state_folder_make(nowhere, message), -ENOENT);
    assert_non_null(strstr(message, nowhere));
    assert_int_equal(state_folder_lock(nowhere, message), -ENOENT);
    assert_non_null(strstr(message, nowhere));
}

/* flock is per open file: a second open of the same process stands for another daemon. */
static void test_two_daemons_do_not_share_it(void **state)
{
    (void)state;
    char pid[32];
    assert_int_equal(state_folder_make(folder, message), 0);
    int fd = state_folder_lock(folder, message);
    assert_true(fd >= 0);
    assert_int_equal(state_folder_lock(folder, message), -EBUSY);
    snprintf(pid, sizeof pid, "(pid %ld)", (long)getpid());
    assert_non_null(strstr(message, pid));
    close(fd);
    fd = state_folder_lock(folder, message);
    assert_true(fd >= 0);
    close(fd);
}

/* As root, with a folder of somebody else's: acts as that, and can go back. In a child, lest the test lose its rights.
 */
static void test_root_leaves_nothing_that_its_owner_cannot_read(void **state)
{
    (void)state;
    int status;
    if (geteuid() != 0)
        skip();
    assert_int_equal(state_folder_make(folder, message), 0);
    assert_int_equal(chown(folder, 65534, 65534), 0);
    assert_int_equal(state_folder_lock(folder, message), -EPERM);
    pid_t child = fork();
    if (child == 0) {
        bool well = state_folder_act_as_owner(folder, message) == 0 && geteuid() == 65534 && getegid() == 65534;
        state_folder_act_as_self();
        _exit(well && geteuid() == 0 && getegid() == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_is_made_for_its_owner_only, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_made_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_daemons_do_not_share_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_root_leaves_nothing_that_its_owner_cannot_read, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
