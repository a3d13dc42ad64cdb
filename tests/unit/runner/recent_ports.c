#include "runner/recent_ports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_US 1000000000u

static int set_up(void **state)
{
    char *folder = strdup("/tmp/natsweep-recent-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? setenv("RUNTIME_DIRECTORY", folder, 1) : -1;
}

static int tear_down(void **state)
{
    char path[256];
    if (recent_ports_path(path, sizeof path) != 0)
        return -1;
    (void)unlink(path);
    int rc = rmdir(*state); /* also shows that nothing else is left behind */
    free(*state);
    return rc;
}

static struct port_set set_of(uint16_t port)
{
    struct port_set set = {0};
    port_set_add(&set, port);
    return set;
}

static void test_nothing_is_recent_at_first(void **state)
{
    struct port_set recent;
    char path[256];

    (void)state;
    assert_int_equal(recent_ports_path(path, sizeof path), 0);
    assert_int_equal(recent_ports_read(path, START_US, &recent), 0);
    for (unsigned port = 0; port <= UINT16_MAX; port++)
        assert_false(port_set_has(&recent, (uint16_t)port));
}

static void test_a_port_is_recent_for_300_s(void **state)
{
    struct port_set ports = set_of(5060), recent;
    char path[256];

    (void)state;
    assert_int_equal(recent_ports_path(path, sizeof path), 0);
    assert_int_equal(recent_ports_note(path, START_US, &ports), 0);
    assert_int_equal(recent_ports_read(path, START_US + RECENT_PORTS_WINDOW_US, &recent), 0);
    assert_true(port_set_has(&recent, 5060));
    assert_false(port_set_has(&recent, 5061));
    assert_int_equal(recent_ports_read(path, START_US + RECENT_PORTS_WINDOW_US + 1, &recent), 0);
    assert_false(port_set_has(&recent, 5060));
}

static void test_many_sweeps_are_all_remembered(void **state)
{
    struct port_set recent;
    char path[256];

    (void)state;
    assert_int_equal(recent_ports_path(path, sizeof path), 0);
    for (unsigned i = 0; i < 100; i++) {
        struct port_set ports = set_of((uint16_t)(9000 + i));
        assert_int_equal(recent_ports_note(path, START_US + i, &ports), 0);
    }
    assert_int_equal(recent_ports_read(path, START_US + 100, &recent), 0);
    for (unsigned i = 0; i < 100; i++)
        assert_true(port_set_has(&recent, (uint16_t)(9000 + i)));
}

static void test_a_damaged_file_makes_every_port_recent(void **state)
{
    struct port_set ports = set_of(5060), recent;
    char path[256];

    (void)state;
    assert_int_equal(recent_ports_path(path, sizeof path), 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("junk", file);
    (void)fclose(file);
    assert_int_equal(recent_ports_read(path, START_US, &recent), -EBADMSG);
    assert_int_equal(recent_ports_note(path, START_US, &ports), 0);
    assert_int_equal(recent_ports_read(path, START_US, &recent), 0);
    assert_true(port_set_has(&recent, 1) && port_set_has(&recent, 65535));
}

static void test_what_gone_namespaces_left_is_removed(void **state)
{
    struct port_set ports = set_of(5060);
    char path[256], gone[300];

    (void)state;
    assert_int_equal(recent_ports_path(path, sizeof path), 0);
    (void)snprintf(gone, sizeof gone, "%s/recent-ports-0", (char *)*state);
    assert_int_equal(recent_ports_note(gone, START_US, &ports), 0);
    assert_int_equal(recent_ports_note(path, START_US + 1, &ports), 0);
    assert_int_equal(access(gone, F_OK), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(recent_ports_note(path, START_US + RECENT_PORTS_WINDOW_US + 1, &ports), 0);
    assert_int_not_equal(access(gone, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_is_recent_at_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_port_is_recent_for_300_s, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_sweeps_are_all_remembered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_damaged_file_makes_every_port_recent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_gone_namespaces_left_is_removed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
