/* Reports into the spool, with a disk that is full for a while. */
#include "command/outbox.h"

#include "proto/port_list.h"
#include "proto/wire.h"
#include "proto/wire_report.h"
#include "runner/untested.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[96];
static struct spool spool;
static struct outbox outbox;

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/natsweep-outbox-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/agent.db", folder);
    spool = (struct spool){.max_bytes = 1 << 20, .max_age_us = INT64_MAX / 2};
    assert_int_equal(database_open(path, &spool.database), 0);
    outbox = (struct outbox){.spool = &spool, .journal = {spool.database}};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char journal[128];
    spool_report_clear(&outbox.kept);
    database_close(spool.database);
    snprintf(journal, sizeof journal, "%s-journal", path);
    unlink(journal);
    unlink(path);
    return rmdir(folder);
}

static struct report *make_report(uint16_t ports)
{
    struct port_list list = {
        .count = 1,
        .ranges = {{.first = 1, .last = ports, .transport = TRANSPORT_UDP, .role = ROLE_RTP, .expect = EXPECT_OPEN}}};
    struct report *report = untested_report(&list, 4, OUTCOME_NOT_RUN, REASON_NEVER_REACHED, "no way out");
    assert_non_null(report);
    assert_int_equal(report->port_count, ports);
    assert_int_equal(report->ports[ports - 1].port, ports);
    assert_int_equal(report->ports[0].verdict, VERDICT_NOT_TESTED);
    return report;
}

static void begin(uint64_t sweep_id)
{
    uint8_t command = 1;
    assert_int_equal(journal_start(&outbox.journal, &(struct journal_entry){sweep_id, 5, &command, 1}), 0);
}

static void put(uint64_t sweep_id, uint16_t ports, uint64_t now_us)
{
    struct report *report = make_report(ports);
    outbox_put(&outbox, &(struct uplink_sweep){sweep_id, 2, true}, 5, report, now_us);
    report_free(report);
}

static void test_a_large_report_becomes_several_batches(void **state)
{
    (void)state;
    struct spool_batch batch;
    begin(7);
    put(7, 10000, 0);
    assert_false(outbox_keeps(&outbox));
    assert_true(outbox_holds(&outbox, 7));
    assert_int_equal(journal_state(&outbox.journal, 7), JOURNAL_FINISHED);
    int64_t after = 0;
    for (uint32_t i = 0; i < 3; i++) {
        Envelope *envelope;
        assert_int_equal(spool_next(&spool, after, &batch), 0);
        assert_int_equal(wire_decode(batch.frame.bytes, batch.frame.len, &envelope), 0);
        assert_int_equal(envelope->report_batch->batches, 3);
        assert_int_equal(envelope->report_batch->batch, i);
        assert_int_equal(envelope->report_batch->at_us, 5);
        wire_free(envelope);
        free(batch.frame.bytes);
        after = batch.sequence;
    }
}

static void test_a_full_disk_keeps_the_report_in_memory(void **state)
{
    (void)state;
    struct rlimit limit, full;
    begin(7);
    getrlimit(RLIMIT_FSIZE, &limit);
    full = (struct rlimit){.rlim_cur = 512, .rlim_max = limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &full);
    put(7, 4000, 1000);
    bool kept = outbox_keeps(&outbox), held = outbox_holds(&outbox, 7);
    uint64_t wake_us = outbox_wake_us(&outbox);
    int marked = journal_state(&outbox.journal, 7);
    outbox_retry(&outbox, wake_us);
    bool still_kept = outbox_keeps(&outbox);
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_DFL);
    assert_true(kept && held && still_kept);
    assert_true(wake_us > 1000 && wake_us < UINT64_MAX);
    assert_int_equal(marked, JOURNAL_RUNNING); /* a crash now is reported as interrupted */
    outbox_retry(&outbox, wake_us);
    assert_false(outbox_keeps(&outbox));
    assert_true(outbox_wake_us(&outbox) == UINT64_MAX);
    assert_true(spool_holds(&spool, 7));
    assert_int_equal(journal_state(&outbox.journal, 7), JOURNAL_FINISHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_large_report_becomes_several_batches, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_disk_keeps_the_report_in_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
