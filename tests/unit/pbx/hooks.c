/* What the settings may name, and what may never become a flag, a path or a shell's word. */
#include "pbx/hooks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct hooks hooks;
static char message[HOOKS_MESSAGE_BYTES];

static void assert_words(const struct arguments *arguments, const char *const *words)
{
    for (size_t i = 0; i < arguments->count; i++)
        assert_string_equal(arguments->argv[i], words[i]);
    assert_null(words[arguments->count]);
}

static void units_become_arguments_of_systemctl(void **state)
{
    (void)state;
    struct arguments arguments;
    arguments_clear(&arguments);
    assert_int_equal(hooks_parse("3CXPhoneSystem01.service,a@b:c-d_e.service", "", "", &hooks, message), 0);
    assert_true(hooks_given(&hooks));
    assert_int_equal(hooks_stop_arguments(&hooks, "/usr/bin/systemctl", &arguments), 0);
    assert_words(&arguments, (const char *const[]){"/usr/bin/systemctl", "stop", "--", "3CXPhoneSystem01.service",
                                                   "a@b:c-d_e.service", NULL});
    arguments_clear(&arguments);
    assert_int_equal(hooks_start_arguments(&hooks, "/usr/bin/systemctl", &arguments), 0);
    assert_string_equal(arguments.argv[1], "start");
}

static void a_pair_of_commands_is_run_as_it_stands(void **state)
{
    (void)state;
    struct arguments arguments;
    arguments_clear(&arguments);
    assert_int_equal(hooks_parse("", "/usr/bin/pbx halt", "/usr/bin/pbx  go", &hooks, message), 0);
    assert_int_equal(hooks_start_arguments(&hooks, "/usr/bin/systemctl", &arguments), 0);
    assert_words(&arguments, (const char *const[]){"/usr/bin/pbx", "go", NULL});
    arguments_clear(&arguments);
    assert_int_equal(hooks_stop_arguments(&hooks, "/usr/bin/systemctl", &arguments), 0);
    assert_words(&arguments, (const char *const[]){"/usr/bin/pbx", "halt", NULL});
}

static void nothing_at_all_is_fine_and_given_by_nobody(void **state)
{
    (void)state;
    assert_int_equal(hooks_parse("", " ", "", &hooks, message), 0);
    assert_false(hooks_given(&hooks));
}

static void everything_else_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    static const char *const rows[][4] = {
        {"-H.service", "", "", "-H.service"},
        {".service", "", "", ".service"},
        {"a.timer", "", "", "a.timer"},
        {"a.service;reboot.service", "", "", "reboot"},
        {"../a.service", "", "", "../a"},
        {"a/b.service", "", "", "a/b"},
        {"a*.service", "", "", "a*"},
        {"a.service\n-H.service", "", "", "a.service"},
        {"", "pbx stop", "/bin/pbx start", "pbx"},
        {"", "/bin/pbx stop", "pbx start", "absolute"},
        {"", "/bin/pbx stop", "", "start command"},
        {"", "", "/bin/pbx start", "stop command"},
        {"a.service", "/bin/x", "/bin/y", "either"},
    };
    assert_int_equal(hooks_parse("old.service", "", "", &hooks, message), 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(hooks_parse(rows[i][0], rows[i][1], rows[i][2], &hooks, message), -EINVAL);
        assert_non_null(strstr(message, rows[i][3]));
        assert_string_equal(hooks.units, "old.service");
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    char units[4 * HOOKS_TEXT_BYTES] = "", command[HOOKS_TEXT_BYTES + 2] = "/";
    for (size_t i = 0; i < ARGUMENTS_MAX; i++)
        strcat(units, "a.service ");
    assert_int_equal(hooks_parse(units, "", "", &hooks, message), -EINVAL);
    memset(units, 'a', HOOKS_TEXT_BYTES);
    strcpy(units + HOOKS_TEXT_BYTES, ".service");
    assert_int_equal(hooks_parse(units, "", "", &hooks, message), -EINVAL);
    memset(command + 1, 'a', sizeof command - 2);
    assert_int_equal(hooks_parse("", command, "/b", &hooks, message), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_become_arguments_of_systemctl),
        cmocka_unit_test(a_pair_of_commands_is_run_as_it_stands),
        cmocka_unit_test(nothing_at_all_is_fine_and_given_by_nobody),
        cmocka_unit_test(everything_else_is_refused_and_changes_nothing),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
