/* The spool through restarts, kills, corruption, a full disk and its own limits. */
#include "uplink/spool.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY_US (86400LL * 1000000)
#define NOW_US (20000 * DAY_US)

struct fixture {
    char folder[64], path[96];
    struct spool spool;
};

static void open_spool(struct fixture *fixture)
{
    assert_int_equal(database_open(fixture->path, &fixture->spool.database), 0);
}

static void reopen(struct fixture *fixture)
{
    database_close(fixture->spool.database);
    open_spool(fixture);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/natsweep-spool-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/agent.db", fixture->folder);
    fixture->spool.max_bytes = 1 << 20;
    fixture->spool.max_age_us = 30 * DAY_US;
    open_spool(fixture);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {"agent.db", "agent.db-journal", "agent.db.corrupt"};
    struct fixture *fixture = *state;
    database_close(fixture->spool.database);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", fixture->folder, names[i]);
        unlink(path);
    }
    int left = rmdir(fixture->folder);
    free(fixture);
    return left;
}

static int put(struct spool *spool, uint64_t sweep_id, size_t batches, size_t bytes, int64_t now_us)
{
    struct spool_report report = {.sweep_id = sweep_id, .at_us = NOW_US, .count = batches};
    report.frames = calloc(batches, sizeof *report.frames);
    for (size_t i = 0; i < batches; i++) {
        report.frames[i].bytes = malloc(bytes);
        memset(report.frames[i].bytes, (int)(sweep_id + i), bytes);
        report.frames[i].len = bytes;
    }
    int error = spool_put(spool, &report, now_us);
    spool_report_clear(&report);
    return error;
}

static struct spool_stats stats_of(struct fixture *fixture)
{
    struct spool_stats stats;
    spool_get_stats(&fixture->spool, &stats);
    return stats;
}

static void test_batches_come_back_in_order_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(&fixture->spool, 7, 2, 100, NOW_US), 0);
    assert_int_equal(put(&fixture->spool, UINT64_MAX, 1, 50, NOW_US), 0);
    reopen(fixture);
    const struct {
        uint64_t sweep_id;
        uint32_t batch;
    } want[] = {{7, 0}, {7, 1}, {UINT64_MAX, 0}};
    int64_t after = 0;
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        struct spool_batch batch;
        assert_int_equal(spool_next(&fixture->spool, after, &batch), 0);
        assert_true(batch.sweep_id == want[i].sweep_id && batch.batch == want[i].batch);
        assert_int_equal(batch.frame.bytes[batch.frame.len - 1], (uint8_t)(want[i].sweep_id + want[i].batch));
        free(batch.frame.bytes);
        after = batch.sequence;
    }
    struct spool_batch none;
    assert_int_equal(spool_next(&fixture->spool, after, &none), -ENOENT);
    struct spool_stats stats = stats_of(fixture);
    assert_int_equal(stats.depth, 3);
    assert_int_equal(stats.bytes, 250);
    assert_int_equal(stats.oldest_at_us, NOW_US);
}

static void test_settling_deletes_and_counts_only_rejections(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(&fixture->spool, 7, 3, 10, NOW_US), 0);
    assert_int_equal(spool_settle(&fixture->spool, 7, 0, false), 0);
    assert_int_equal(spool_settle(&fixture->spool, 7, 0, true), 0); /* a late duplicate */
    assert_int_equal(spool_settle(&fixture->spool, 7, 1, true), 0);
    assert_int_equal(spool_settle(&fixture->spool, 99, 0, true), 0);
    reopen(fixture);
    struct spool_stats stats = stats_of(fixture);
    assert_int_equal(stats.depth, 1);
    assert_int_equal(stats.rejected, 1);
    assert_int_equal(stats.lost, 0);
    assert_true(spool_holds(&fixture->spool, 7));
    assert_int_equal(spool_settle(&fixture->spool, 7, 2, false), 0);
    assert_false(spool_holds(&fixture->spool, 7));
}

static void test_putting_twice_stores_once(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(&fixture->spool, 7, 2, 10, NOW_US), 0);
    assert_int_equal(put(&fixture->spool, 7, 2, 10, NOW_US), 0);
    assert_int_equal(stats_of(fixture).depth, 2);
}

static void test_full_spool_drops_whole_oldest_sweeps_aloud(void **state)
{
    struct fixture *fixture = *state;
    fixture->spool.max_bytes = 1000;
    assert_int_equal(put(&fixture->spool, 1, 3, 200, NOW_US), 0);
    assert_int_equal(put(&fixture->spool, 2, 1, 300, NOW_US), 0);
    assert_int_equal(stats_of(fixture).lost, 0);
    assert_int_equal(put(&fixture->spool, 3, 1, 200, NOW_US), 0);
    reopen(fixture);
    struct spool_stats stats = stats_of(fixture);
    assert_int_equal(stats.lost, 3);
    assert_int_equal(stats.depth, 2);
    uint64_t sweeps[4];
    assert_int_equal(spool_sweeps(&fixture->spool, sweeps, 4), 2);
    assert_int_equal(sweeps[0], 2);
    assert_int_equal(sweeps[1], 3);
    assert_int_equal(spool_sweeps(&fixture->spool, sweeps, 1), 1);
}

static void test_a_report_larger_than_the_spool_is_lost_aloud(void **state)
{
    struct fixture *fixture = *state;
    fixture->spool.max_bytes = 100;
    assert_int_equal(put(&fixture->spool, 1, 2, 80, NOW_US), 0);
    assert_int_equal(stats_of(fixture).depth, 0);
    assert_int_equal(stats_of(fixture).lost, 2);
}

static void test_old_reports_are_dropped_by_age(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(&fixture->spool, 1, 1, 10, NOW_US), 0);
    assert_int_equal(put(&fixture->spool, 2, 1, 10, NOW_US + DAY_US), 0);
    for (int64_t day = 1; day <= 30; day++)
        assert_int_equal(spool_trim(&fixture->spool, NOW_US + day * DAY_US), 0);
    assert_int_equal(stats_of(fixture).lost, 0);
    assert_int_equal(spool_trim(&fixture->spool, NOW_US + 30 * DAY_US + 1), 0);
    assert_int_equal(stats_of(fixture).lost, 1);
    assert_true(spool_holds(&fixture->spool, 2));
}

static void test_a_clock_in_the_past_ages_nothing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(&fixture->spool, 1, 1, 10, 5), 0); /* 1970; the sweep's stamp is NOW_US */
    assert_int_equal(spool_trim(&fixture->spool, NOW_US + DAY_US), 0);
    assert_int_equal(stats_of(fixture).depth, 1);
}

static void test_a_clock_far_ahead_ages_nothing_by_more_than_a_day(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(&fixture->spool, 1, 1, 10, NOW_US), 0);
    assert_int_equal(spool_trim(&fixture->spool, NOW_US + 5000 * DAY_US), 0);
    assert_int_equal(put(&fixture->spool, 2, 1, 10, NOW_US + 5000 * DAY_US), 0);
    assert_int_equal(spool_trim(&fixture->spool, NOW_US), 0); /* and back */
    assert_int_equal(spool_trim(&fixture->spool, NOW_US + 5000 * DAY_US), 0);
    assert_int_equal(stats_of(fixture).depth, 2);

    struct spool restarted = fixture->spool; /* an agent that starts on a machine with such a clock */
    restarted.seen_us = restarted.aged_us = 0;
    assert_int_equal(spool_trim(&restarted, NOW_US + 9000 * DAY_US), 0);
    assert_int_equal(stats_of(fixture).depth, 2);
    assert_int_equal(stats_of(fixture).lost, 0);
}

/* A child puts reports of four batches until it is killed; it tells after each put, so whatever it told must be there.
 */
static void child_puts(const char *path, int told)
{
    struct spool spool = {.max_bytes = 1 << 30, .max_age_us = INT64_MAX / 2};
    if (database_open(path, &spool.database))
        _exit(1);
    for (uint64_t id = 1;; id++) {
        if (put(&spool, id, 4, 5000, NOW_US) || write(told, &id, sizeof id) != sizeof id)
            _exit(1);
    }
}

static void test_kill_in_mid_put_loses_nothing_that_was_promised(void **state)
{
    struct fixture *fixture = *state;
    database_close(fixture->spool.database);
    for (int round = 0; round < 5; round++) {
        unlink(fixture->path);
        int pipe_fds[2];
        assert_int_equal(pipe(pipe_fds), 0);
        pid_t child = fork();
        if (child == 0) {
            close(pipe_fds[0]);
            child_puts(fixture->path, pipe_fds[1]);
        }
        close(pipe_fds[1]);
        uint64_t told = 0, id;
        while (told < 3 + (uint64_t)round && read(pipe_fds[0], &id, sizeof id) == sizeof id)
            told = id;
        assert_true(told > 0);
        kill(child, SIGKILL);
        while (read(pipe_fds[0], &id, sizeof id) == sizeof id)
            told = id;
        close(pipe_fds[0]);
        waitpid(child, NULL, 0);
        open_spool(fixture);
        struct spool_stats stats = stats_of(fixture);
        assert_true((uint64_t)stats.depth >= told * 4 && (uint64_t)stats.depth <= (told + 1) * 4);
        assert_int_equal(stats.depth % 4, 0);
        assert_int_equal(stats.corrupt, 0);
        if (round < 4)
            database_close(fixture->spool.database);
    }
}

static void overwrite(const char *path, long offset, size_t len)
{
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    fseek(file, offset, SEEK_SET);
    for (size_t i = 0; i < len; i++)
        fputc('x', file);
    fclose(file);
}

static void test_corrupt_file_at_start_is_moved_aside_and_counted(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(&fixture->spool, 1, 2, 3000, NOW_US), 0);
    database_close(fixture->spool.database);
    overwrite(fixture->path, 0, 4096);
    open_spool(fixture);
    struct spool_stats stats = stats_of(fixture);
    assert_int_equal(stats.corrupt, 1);
    assert_int_equal(stats.depth, 0);
    char aside[128];
    snprintf(aside, sizeof aside, "%s.corrupt", fixture->path);
    assert_int_equal(access(aside, F_OK), 0);
    assert_int_equal(put(&fixture->spool, 2, 1, 10, NOW_US), 0);
    reopen(fixture);
    assert_int_equal(stats_of(fixture).corrupt, 1);
    assert_int_equal(stats_of(fixture).depth, 1);
}

static void test_corruption_found_in_use_is_survived(void **state)
{
    struct fixture *fixture = *state;
    fixture->spool.max_bytes = 1000;
    assert_int_equal(put(&fixture->spool, 9, 1, 2000, NOW_US), 0); /* lost: a counter that must survive */
    fixture->spool.max_bytes = 1 << 30;
    assert_int_equal(put(&fixture->spool, 1, 200, 3000, NOW_US), 0);
    overwrite(fixture->path, 5L * 4096, (size_t)150 * 4096);
    int64_t after = 0;
    struct spool_batch batch;
    while (spool_next(&fixture->spool, after, &batch) == 0) {
        after = batch.sequence;
        free(batch.frame.bytes);
    }
    assert_int_equal(put(&fixture->spool, 2, 1, 10, NOW_US), 0);
    struct spool_stats stats = stats_of(fixture);
    assert_int_equal(stats.corrupt, 1);
    assert_int_equal(stats.depth, 1);
    assert_true(stats.lost >= 1);
}

static void test_full_disk_refuses_the_put_and_recovers(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(&fixture->spool, 1, 1, 10, NOW_US), 0);
    struct rlimit limit, small = {.rlim_cur = 64 << 10};
    getrlimit(RLIMIT_FSIZE, &limit);
    small.rlim_max = limit.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    int error = put(&fixture->spool, 2, 30, 4000, NOW_US);
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_not_equal(error, 0);
    assert_int_equal(stats_of(fixture).depth, 1);
    assert_int_equal(put(&fixture->spool, 2, 30, 4000, NOW_US), 0);
    assert_int_equal(stats_of(fixture).depth, 31);
    assert_int_equal(stats_of(fixture).corrupt, 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_batches_come_back_in_order_after_a_restart),
        CASE(test_settling_deletes_and_counts_only_rejections),
        CASE(test_putting_twice_stores_once),
        CASE(test_full_spool_drops_whole_oldest_sweeps_aloud),
        CASE(test_a_report_larger_than_the_spool_is_lost_aloud),
        CASE(test_old_reports_are_dropped_by_age),
        CASE(test_a_clock_in_the_past_ages_nothing),
        CASE(test_a_clock_far_ahead_ages_nothing_by_more_than_a_day),
        CASE(test_kill_in_mid_put_loses_nothing_that_was_promised),
        CASE(test_corrupt_file_at_start_is_moved_aside_and_counted),
        CASE(test_corruption_found_in_use_is_survived),
        CASE(test_full_disk_refuses_the_put_and_recovers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
