/* No sweep runs twice, and one cut off by a crash is found. */
#include "uplink/journal.h"

#include "uplink/spool.h"

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

static char folder[64], path[96];
static struct journal journal;

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/natsweep-journal-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/agent.db", folder);
    return database_open(path, &journal.database);
}

static int teardown(void **state)
{
    (void)state;
    char rollback[128];
    database_close(journal.database);
    snprintf(rollback, sizeof rollback, "%s-journal", path);
    unlink(rollback);
    unlink(path);
    return rmdir(folder);
}

static void reopen(void)
{
    database_close(journal.database);
    assert_int_equal(database_open(path, &journal.database), 0);
}

static int start(uint64_t sweep_id, int64_t at_us)
{
    uint8_t command[] = {1, 2, 3};
    return journal_start(&journal, &(struct journal_entry){sweep_id, at_us, command, sizeof command});
}

static void test_an_id_starts_once(void **state)
{
    (void)state;
    assert_int_equal(journal_state(&journal, 5), JOURNAL_UNKNOWN);
    assert_int_equal(start(5, 100), 0);
    assert_int_equal(start(5, 100), -EEXIST);
    reopen();
    assert_int_equal(start(5, 100), -EEXIST);
    assert_int_equal(journal_finish(&journal, 5), 0);
    assert_int_equal(start(5, 100), -EEXIST);
    assert_int_equal(journal_state(&journal, 5), JOURNAL_FINISHED);
}

static void test_a_running_sweep_is_found_after_a_crash(void **state)
{
    (void)state;
    assert_int_equal(start(UINT64_MAX, 100), 0);
    assert_int_equal(start(6, 200), 0);
    assert_int_equal(journal_finish(&journal, 6), 0);
    reopen();
    struct journal_entry entry;
    assert_int_equal(journal_running(&journal, &entry), 0);
    assert_true(entry.sweep_id == UINT64_MAX && entry.at_us == 100);
    assert_int_equal(entry.command_len, 3);
    assert_memory_equal(entry.command, "\1\2\3", 3);
    free(entry.command);
    assert_int_equal(journal_finish(&journal, UINT64_MAX), 0);
    assert_int_equal(journal_running(&journal, &entry), -ENOENT);
}

static void test_finish_rolls_back_with_the_report(void **state)
{
    (void)state;
    assert_int_equal(start(5, 100), 0);
    assert_int_equal(database_begin(journal.database), 0);
    assert_int_equal(journal_finish(&journal, 5), 0);
    database_rollback(journal.database);
    assert_int_equal(journal_state(&journal, 5), JOURNAL_RUNNING);
}

static void test_pruning_keeps_running_and_unsent_sweeps(void **state)
{
    (void)state;
    struct spool spool = {.database = journal.database, .max_bytes = 1000, .max_age_us = INT64_MAX / 2};
    uint8_t byte = 1;
    struct spool_frame frame = {&byte, 1};
    for (uint64_t id = 1; id <= 4; id++)
        assert_int_equal(start(id, (int64_t)id * 100), 0);
    for (uint64_t id = 2; id <= 4; id++)
        assert_int_equal(journal_finish(&journal, id), 0);
    assert_int_equal(spool_put(&spool, &(struct spool_report){3, 300, &frame, 1}, 300), 0);
    assert_int_equal(journal_prune(&journal, 50), 0);
    assert_int_equal(journal_state(&journal, 1), JOURNAL_RUNNING);
    assert_int_equal(journal_state(&journal, 2), JOURNAL_UNKNOWN);
    assert_int_equal(journal_state(&journal, 3), JOURNAL_FINISHED);
    assert_int_equal(journal_state(&journal, 4), JOURNAL_FINISHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_id_starts_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_running_sweep_is_found_after_a_crash, setup, teardown),
        cmocka_unit_test_setup_teardown(test_finish_rolls_back_with_the_report, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pruning_keeps_running_and_unsent_sweeps, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
