#include "pbx/tool.h"

#include "fake_pbx.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void the_exit_code_is_told(void **state)
{
    (void)state;
    struct arguments more;
    arguments_clear(&more);
    assert_int_equal(arguments_add(&more, "exit $#"), 0);
    assert_int_equal(tool_run("/bin/true", "", NULL), 0);
    assert_int_equal(tool_run("/bin/sh", "-e -c", &more), 0);
    assert_int_equal(arguments_split(&more, "zero one two"), 0);
    assert_int_equal(tool_run("/bin/sh", "-e -c", &more), 2);
}

static void what_does_not_end_by_itself_is_an_error(void **state)
{
    (void)state;
    struct arguments more;
    arguments_clear(&more);
    assert_int_equal(arguments_add(&more, "kill -9 $$"), 0);
    assert_int_equal(tool_run("/bin/sh", "-c", &more), -EIO);
    assert_int_equal(tool_run("/nonexistent/tool", "", NULL), -ENOENT);
    for (int i = 0; i < ARGUMENTS_MAX - 1; i++)
        assert_int_equal(arguments_add(&more, "x"), 0);
    assert_int_equal(tool_run("/bin/true", "", &more), -E2BIG);
}

static void systemctl_tells_whether_a_unit_runs(void **state)
{
    (void)state;
    char systemctl[256];
    fake_open(FAKE_SYSTEMD);
    assert_non_null(getcwd(systemctl, sizeof systemctl - 16));
    strcat(systemctl, "/systemctl");
    assert_int_equal(tool_unit_state(systemctl, "a.service"), TOOL_UNIT_RUNS);
    assert_int_equal(tool_unit_state(systemctl, "never.service"), TOOL_UNIT_DOWN);
    assert_int_equal(rename("active/b.service", "coming/b.service"), 0);
    assert_int_equal(tool_unit_state(systemctl, "b.service"), TOOL_UNIT_COMES_UP);
    assert_int_equal(rename("coming/b.service", "going/b.service"), 0);
    assert_int_equal(tool_unit_state(systemctl, "b.service"), TOOL_UNIT_GOES_DOWN);
    fake_at("ask", "exit 4\n"); /* no such unit */
    assert_int_equal(tool_unit_state(systemctl, "a.service"), TOOL_UNIT_DOWN);
    fake_at("ask", "exit 1\n"); /* no systemd */
    assert_int_equal(tool_unit_state(systemctl, "a.service"), -EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fake_test(the_exit_code_is_told),
        fake_test(what_does_not_end_by_itself_is_an_error),
        fake_test(systemctl_tells_whether_a_unit_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
