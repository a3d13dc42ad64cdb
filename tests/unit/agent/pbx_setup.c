#include "agent/pbx_setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

static void by_default_there_is_nothing_to_stop(void **state)
{
    (void)state;
    static struct agent_settings settings;
    static struct pbx_setup setup;
    agent_settings_defaults(&settings);
    pbx_setup(&setup, &settings, NULL);
    assert_false(hooks_given(&setup.config.hooks));
    assert_string_equal(setup.config.folder, "/var/lib/natsweep-pbx");
    assert_string_equal(setup.config.keeper[1], "pbx-keeper");
    assert_string_equal(setup.config.keeper[2], "--detach");
    assert_null(setup.config.keeper[3]);
}

static void a_keeper_reads_the_same_file(void **state)
{
    (void)state;
    static struct agent_settings settings;
    static struct pbx_setup setup;
    char path[] = "/etc/other.conf";
    agent_settings_defaults(&settings);
    snprintf(settings.pbx_units, sizeof settings.pbx_units, "a.service,b.service");
    settings.pbx_max_stopped_s = 77;
    pbx_setup(&setup, &settings, path);
    path[1] = 'x';
    assert_string_equal(setup.config.hooks.units, "a.service b.service");
    assert_int_equal(setup.config.max_stopped_s, 77);
    assert_string_equal(setup.config.keeper[3], "--settings");
    assert_string_equal(setup.config.keeper[4], "/etc/other.conf");
    assert_null(setup.config.keeper[5]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_default_there_is_nothing_to_stop),
        cmocka_unit_test(a_keeper_reads_the_same_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
