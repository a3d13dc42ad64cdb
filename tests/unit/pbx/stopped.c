/* The record of what is stopped, and its lock. */
#include "pbx/stopped.h"

#include "base/attributes.h"
#include "fake_pbx.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct hooks units = {.units = "a.service b.service"};
static const struct hooks commands = {.stop = "/bin/pbx stop", .start = "/bin/pbx start"};
static char folder[256];

static int make_folder(void **state)
{
    pid_t holder;
    (void)state;
    fake_open(FAKE_COMMANDS);
    assert_non_null(getcwd(folder, sizeof folder - 8));
    strcat(folder, "/state");
    int lock = stopped_lock(folder, &holder);
    assert_true(lock >= 0);
    return close(lock);
}

static void a_record_is_read_back_until_it_is_removed(void **state)
{
    (void)state;
    struct hooks hooks;
    assert_int_equal(stopped_read(folder, &hooks), -ENOENT);
    assert_int_equal(stopped_write(folder, &units), 0);
    assert_int_equal(stopped_read(folder, &hooks), 0);
    assert_string_equal(hooks.units, units.units);
    assert_int_equal(stopped_write(folder, &commands), 0);
    assert_int_equal(stopped_read(folder, &hooks), 0);
    assert_string_equal(hooks.units, "");
    assert_string_equal(hooks.start, commands.start);
    assert_int_equal(stopped_remove(folder), 0);
    assert_int_equal(stopped_remove(folder), 0);
    assert_int_equal(stopped_read(folder, &hooks), -ENOENT);
}

static void a_damaged_record_is_told_from_none(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "natsweep-pbx 1\n",
        "natsweep-pbx 1\nunits a.service\nstop \nstart \n",       /* cut off */
        "natsweep-pbx 1\nunits a.service\nstop \nstart \nend",    /* just so */
        "natsweep-pbx 1\nunits \nstop \nstart \nend\n",           /* nothing to start */
        "natsweep-pbx 1\nunits -x.service\nstop \nstart \nend\n", /* never from us */
        "natsweep-pbx 2\nunits a.service\nstop \nstart \nend\n",  /* of another version */
        "natsweep-pbx 1\nunits a.service\nstop \nstart \nend\nmore\n",
    };
    struct hooks hooks;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        fake_write("state/stopped", 0600, rows[i]);
        assert_int_equal(stopped_read(folder, &hooks), -EBADMSG);
    }
    fake_write("state/stopped", 0600, "natsweep-pbx 1\nunits a.service\nstop \nstart \nend\n");
    assert_int_equal(stopped_read(folder, &hooks), 0);
}

static void one_process_at_a_time_has_the_lock(void **state)
{
    (void)state;
    pid_t holder = 0;
    int status, ends[2];
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t other = fork();
    if (other == 0) {
        _Exit(stopped_lock(folder, &holder) >= 0 && write(ends[1], "x", 1) == 1 && pause());
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(stopped_lock(folder, &holder), -EBUSY);
    assert_int_equal(holder, other);
    kill(other, SIGKILL);
    assert_int_equal(waitpid(other, &status, 0), other);
    int lock = stopped_lock(folder, &holder);
    assert_true(lock >= 0);
    close(lock);
    close(ends[0]);
    close(ends[1]);
}

static void a_folder_that_others_may_write_is_refused(void **state)
{
    (void)state;
    pid_t holder;
    assert_int_equal(chmod("state", 0770), 0);
    assert_int_equal(stopped_lock(folder, &holder), -EPERM);
    assert_int_equal(chmod("state", 0700), 0);
    assert_int_equal(rename("state", "elsewhere"), 0);
    assert_int_equal(symlink("elsewhere", "state"), 0);
    assert_int_equal(stopped_lock(folder, &holder), -ENOTDIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_is_read_back_until_it_is_removed, make_folder, fake_end),
        cmocka_unit_test_setup_teardown(a_damaged_record_is_told_from_none, make_folder, fake_end),
        cmocka_unit_test_setup_teardown(one_process_at_a_time_has_the_lock, make_folder, fake_end),
        cmocka_unit_test_setup_teardown(a_folder_that_others_may_write_is_refused, make_folder, fake_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
