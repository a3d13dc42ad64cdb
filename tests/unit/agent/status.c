/* The status: written, read and printed. */
#include "agent/status.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct agent_status full = {.version = "1.2.3",
                                         .pid = 77,
                                         .site = "The \"Bakery\"\nForged line",
                                         .customer = "M\xc3\xbcller",
                                         .state = "online",
                                         .why = "the collector bids welcome",
                                         .endpoint = "tcp://c:7700",
                                         .since_us = 1700000000000000,
                                         .running_sweep = 12,
                                         .ports_done = 3,
                                         .ports_total = 2010,
                                         .queued_sweeps = 2,
                                         .last_sweep = 11,
                                         .last_finished_us = 1700000001000000,
                                         .last_outcome = "partial",
                                         .spool_batches = 4,
                                         .spool_bytes = 5000,
                                         .spool_oldest_us = 1700000002000000,
                                         .lost_batches = 1};

static char text[8192];

static const char *print(void (*printer)(const struct agent_status *, FILE *), const struct agent_status *status)
{
    FILE *out = fmemopen(text, sizeof text, "w");
    printer(status, out);
    fclose(out);
    return text;
}

static int read_back(const char *bytes, struct agent_status *status)
{
    char copy[8192];
    snprintf(copy, sizeof copy, "%s", bytes);
    FILE *in = fmemopen(copy, strlen(copy), "r");
    int error = status_read(in, status);
    fclose(in);
    return error;
}

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    struct agent_status status;
    assert_int_equal(read_back(print(status_write, &full), &status), 0);
    assert_string_equal(status.site, "The \"Bakery\" Forged line");
    struct agent_status wanted = full;
    memset(wanted.site, 0, sizeof wanted.site);
    memset(status.site, 0, sizeof status.site);
    assert_memory_equal(&status, &wanted, sizeof status);
}

static void test_lines_of_a_newer_agent_are_skipped(void **state)
{
    (void)state;
    struct agent_status status;
    assert_int_equal(read_back("natsweep-agent-status 1\nmood good\npid 5\nbroken\n", &status), 0);
    assert_int_equal(status.pid, 5);
    assert_int_equal(read_back("HTTP/1.1 200 OK\n", &status), -EPROTO);
}

static void test_json_is_whole_and_escaped(void **state)
{
    (void)state;
    const char *json = print(status_print_json, &full);
    assert_non_null(strstr(json, "\"site\": \"The \\\"Bakery\\\"\\nForged line\""));
    assert_non_null(strstr(json, "\"since\": \"2023-11-14T22:13:20.000Z\""));
    assert_non_null(strstr(json, "\"running_sweep\": 12"));
    struct agent_status idle = {.version = "1"};
    json = print(status_print_json, &idle);
    assert_non_null(strstr(json, "\"last_finished\": null"));
    assert_int_equal(json[0], '{');
    assert_string_equal(json + strlen(json) - 2, "}\n");
}

static void test_text_shows_losses_only_when_there_are(void **state)
{
    (void)state;
    const char *shown = print(status_print_text, &full);
    assert_non_null(strstr(shown, "1 batches lost"));
    assert_non_null(strstr(shown, "12 runs, 3 of 2010 ports"));
    struct agent_status idle = {.version = "1"};
    assert_null(strstr(print(status_print_text, &idle), "lost"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_lines_of_a_newer_agent_are_skipped),
        cmocka_unit_test(test_json_is_whole_and_escaped),
        cmocka_unit_test(test_text_shows_losses_only_when_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
