/* An accepted command and what its record says when the agent dies. */
#include "command/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static Natsweep__SweepKey key;
static Natsweep__PortRange range, *ranges[] = {&range};
static Natsweep__Credentials credentials;
static Natsweep__StartSweep command;
static const struct uplink_sweep sweep = {.sweep_id = 7, .generation = 2};

static int setup(void **state)
{
    static char *servers[] = {(char *)"stun.example"};
    (void)state;
    natsweep__sweep_key__init(&key);
    natsweep__port_range__init(&range);
    natsweep__credentials__init(&credentials);
    natsweep__start_sweep__init(&command);
    key.sweep_id = 7;
    range.first = 9000;
    range.last = 9003;
    range.transport = TRANSPORT_UDP;
    range.role = ROLE_RTP;
    range.expect = EXPECT_OPEN;
    credentials.user = (char *)"1:agent";
    credentials.password = (char *)"a secret to search for";
    command.key = &key;
    command.at_us = 1234567;
    command.expires_in_s = 60;
    command.deadline_s = 600;
    command.ports = ranges;
    command.n_ports = 1;
    command.servers = servers;
    command.n_servers = 1;
    command.credentials = &credentials;
    command.family = 6;
    command.mode = MODE_AUTO;
    command.pace_pps = 400;
    return 0;
}

static void test_it_keeps_the_command_but_its_password(void **state)
{
    (void)state;
    struct entry *entry = entry_make(&sweep, &command, 1000000);
    assert_non_null(entry);
    assert_int_equal(entry->sweep.sweep_id, 7);
    assert_int_equal(entry->expires_us, 61000000);
    assert_int_equal(entry->record.sweep_id, 7);
    assert_int_equal(entry->record.at_us, 1234567);
    assert_non_null(memmem(entry->record.command, entry->record.command_len, "stun.example", 12));
    assert_null(memmem(entry->record.command, entry->record.command_len, "secret", 6));
    assert_ptr_equal(command.credentials, &credentials); /* the caller's is left alone */
    entry_free(entry);
}

static void test_what_was_cut_off_is_reported_port_by_port(void **state)
{
    (void)state;
    struct entry *entry = entry_make(&sweep, &command, 0);
    assert_non_null(entry);
    struct report *report = entry_interrupted(&entry->record, "the agent died");
    assert_non_null(report);
    assert_int_equal(report->outcome, OUTCOME_INTERRUPTED);
    assert_int_equal(report->family, 6);
    assert_string_equal(report->message, "the agent died");
    assert_int_equal(report->port_count, 4);
    assert_int_equal(report->ports[3].port, 9003);
    assert_int_equal(report->ports[3].role, ROLE_RTP);
    assert_int_equal(report->ports[3].reason, REASON_INTERRUPTED);
    report_free(report);
    entry_free(entry);
}

static void test_a_damaged_record_still_ends_its_sweep(void **state)
{
    (void)state;
    uint8_t garbage[] = {0xff, 0xff, 0xff};
    const struct journal_entry record = {.sweep_id = 7, .command = garbage, .command_len = sizeof garbage};
    struct report *report = entry_interrupted(&record, "the agent died");
    assert_non_null(report);
    assert_int_equal(report->outcome, OUTCOME_INTERRUPTED);
    assert_int_equal(report->port_count, 0);
    report_free(report);
}

static void test_it_leaves_its_queue_when_it_ends(void **state)
{
    (void)state;
    struct list queue;
    list_init(&queue);
    struct entry *entry = entry_make(&sweep, &command, 0);
    assert_non_null(entry);
    list_append(&queue, &entry->link);
    entry_free(entry);
    assert_true(list_empty(&queue));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_it_keeps_the_command_but_its_password, setup),
        cmocka_unit_test_setup(test_what_was_cut_off_is_reported_port_by_port, setup),
        cmocka_unit_test_setup(test_a_damaged_record_still_ends_its_sweep, setup),
        cmocka_unit_test_setup(test_it_leaves_its_queue_when_it_ends, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
