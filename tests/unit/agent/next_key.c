/* A key is replaced by one that was on disk before. */
#include "agent/next_key.h"

#include "agent/state_folder.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[STATE_PATH_BYTES], next_path[STATE_PATH_BYTES];

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/natsweep-next-key-XXXXXX");
    assert_non_null(mkdtemp(folder));
    state_path(folder, STATE_KEY, path);
    state_path(folder, STATE_NEXT_KEY, next_path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    unlink(next_path);
    return rmdir(folder);
}

static void test_it_is_made_once(void **state)
{
    (void)state;
    struct curve_key_pair made, again;
    assert_int_equal(next_key_have(folder, &made), 0);
    assert_int_equal(next_key_have(folder, &again), 0);
    assert_memory_equal(&made, &again, sizeof made);
}

static void test_it_takes_the_place_of_the_old_one(void **state)
{
    (void)state;
    struct curve_key_pair old, next, used, stored;
    assert_int_equal(curve_key_generate(&old), 0);
    assert_int_equal(curve_key_save(path, &old), 0);
    assert_int_equal(next_key_have(folder, &next), 0);
    assert_int_equal(next_key_use(folder, old.public_key, &used), -ENOKEY);
    assert_int_equal(next_key_use(folder, next.public_key, &used), 0);
    assert_memory_equal(&used, &next, sizeof used);
    assert_int_equal(curve_key_load(path, &stored), 0);
    assert_memory_equal(&stored, &next, sizeof stored);
    assert_int_equal(next_key_use(folder, next.public_key, &used), -ENOENT);
}

static void test_rubbish_is_not_replaced(void **state)
{
    (void)state;
    struct curve_key_pair next;
    FILE *file = fopen(next_path, "w");
    assert_non_null(file);
    fputs("rubbish", file);
    fclose(file);
    assert_int_not_equal(next_key_have(folder, &next), 0);
    assert_int_equal(access(next_path, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_is_made_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_it_takes_the_place_of_the_old_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rubbish_is_not_replaced, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
