/* Who owns the state folder and what is left in it; its changes of user need root and are left out without. */
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
#include <unistd.h>

#include <cmocka.h>

#define OTHER 65534 /* nobody */

struct fixture {
    char folder[40], message[SETTINGS_MESSAGE_BYTES];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    (void)snprintf(fixture->folder, sizeof fixture->folder, "/tmp/natsweep-unit-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    char path[STATE_PATH_BYTES];
    unlink(state_path(fixture->folder, STATE_LOCK, path));
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static void one_daemon_at_a_time(void **state)
{
    struct fixture *fixture = *state;
    int fd = state_folder_lock(fixture->folder, fixture->message);
    assert_true(fd >= 0);
    assert_int_equal(state_folder_lock(fixture->folder, fixture->message), -EBUSY);
    char pid[32];
    (void)snprintf(pid, sizeof pid, "pid %ld", (long)getpid());
    assert_non_null(strstr(fixture->message, pid));
    close(fd);
    fd = state_folder_lock(fixture->folder, fixture->message);
    assert_true(fd >= 0);
    close(fd);
}

static void it_is_made_for_its_owner_only(void **state)
{
    struct fixture *fixture = *state;
    struct stat status;
    assert_int_equal(rmdir(fixture->folder), 0);
    assert_int_equal(state_folder_make(fixture->folder, fixture->message), 0);
    assert_int_equal(stat(fixture->folder, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(state_folder_make(fixture->folder, fixture->message), 0); /* again is fine */
    assert_int_equal(state_folder_make("/nonexistent/folder", fixture->message), -ENOENT);
    assert_non_null(strstr(fixture->message, "/nonexistent/folder"));
}

static void a_missing_folder_is_named(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(state_folder_act_as_owner("/nonexistent", fixture->message), -ENOENT);
    assert_string_equal(fixture->message, "cannot use the state folder /nonexistent: No such file or directory");
    assert_int_equal(state_folder_lock("/nonexistent", fixture->message), -ENOENT);
}

static void ones_own_folder_changes_nobody(void **state)
{
    struct fixture *fixture = *state;
    uid_t before = geteuid();
    assert_int_equal(state_folder_act_as_owner(fixture->folder, fixture->message), 0);
    assert_int_equal(geteuid(), before);
    state_folder_act_as_self();
    assert_int_equal(geteuid(), before);
}

static void root_leaves_files_of_the_owner(void **state)
{
    struct fixture *fixture = *state;
    char path[STATE_PATH_BYTES];
    struct stat status;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(fixture->folder, OTHER, OTHER), 0);
    assert_int_equal(state_folder_act_as_owner(fixture->folder, fixture->message), 0);
    int fd = state_folder_lock(fixture->folder, fixture->message);
    state_folder_act_as_self();
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(geteuid(), 0);
    assert_int_equal(getegid(), 0);
    assert_int_equal(stat(state_path(fixture->folder, STATE_LOCK, path), &status), 0);
    assert_int_equal(status.st_uid, OTHER);
    assert_int_equal(status.st_gid, OTHER);
}

static void root_runs_no_daemon_in_anothers_folder(void **state)
{
    struct fixture *fixture = *state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(fixture->folder, OTHER, OTHER), 0);
    assert_int_equal(state_folder_lock(fixture->folder, fixture->message), -EPERM);
    assert_non_null(strstr(fixture->message, "systemctl start natsweep-agent"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_daemon_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(it_is_made_for_its_owner_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_missing_folder_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(ones_own_folder_changes_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(root_leaves_files_of_the_owner, setup, teardown),
        cmocka_unit_test_setup_teardown(root_runs_no_daemon_in_anothers_folder, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
