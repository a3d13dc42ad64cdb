/* The package's service, with a script in place of systemctl. */
#include "agent/service.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SCRIPT "#!/bin/sh\necho \"$*\" >\"$0.said\"\nexit %d\n"

struct fixture {
    char folder[32], systemctl[64], said[80];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    (void)snprintf(fixture->folder, sizeof fixture->folder, "/tmp/natsweep-unit-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    (void)snprintf(fixture->systemctl, sizeof fixture->systemctl, "%s/systemctl", fixture->folder);
    (void)snprintf(fixture->said, sizeof fixture->said, "%s.said", fixture->systemctl);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->systemctl);
    unlink(fixture->said);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static void systemctl_exits(const struct fixture *fixture, int code)
{
    char script[96];
    (void)snprintf(script, sizeof script, SCRIPT, code);
    assert_int_equal(file_replace(fixture->systemctl, 0700, script, strlen(script)), 0);
}

static void it_is_started_again_without_waiting(void **state)
{
    const struct fixture *fixture = *state;
    char said[80];
    systemctl_exits(fixture, 0);
    assert_true(service_restart(fixture->systemctl));
    assert_int_equal(file_read(fixture->said, said, sizeof said, NULL), 0);
    assert_string_equal(said, "--no-block restart natsweep-agent.service\n");
}

static void without_the_package_there_is_none(void **state)
{
    const struct fixture *fixture = *state;
    systemctl_exits(fixture, 5); /* no such unit */
    assert_false(service_restart(fixture->systemctl));
    unlink(fixture->systemctl);
    assert_false(service_restart(fixture->systemctl));
}

static void another_folder_is_not_the_services(void **state)
{
    (void)state;
    assert_false(service_is_for("/tmp/elsewhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_started_again_without_waiting, setup, teardown),
        cmocka_unit_test_setup_teardown(without_the_package_there_is_none, setup, teardown),
        cmocka_unit_test(another_folder_is_not_the_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
