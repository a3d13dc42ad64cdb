#include "metrics/tallies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool has_line(const struct metric_text *text, const char *line)
{
    const char *found = strstr(text->bytes, line);
    return found && (found == text->bytes || found[-1] == '\n') && found[strlen(line)] == '\n';
}

static size_t times(const char *text, const char *words)
{
    size_t count = 0;
    for (const char *found = strstr(text, words); found; found = strstr(found + 1, words))
        count++;
    return count;
}

static void what_is_counted_is_written(void **state)
{
    (void)state;
    struct tallies tallies = {0};
    struct metric_text text = {0};
    tallies_add(&tallies, TALLY_REPORTS_STORED, 5);
    tallies_add(&tallies, TALLY_REPORTS_STORED, 2);
    tallies_add(&tallies, TALLY_DATABASE_STORE, 2);
    tallies_add(&tallies, TALLY_DATABASE_STORE, -1);
    tallies_set(&tallies, TALLY_AGENTS, 12);
    tallies_set(&tallies, TALLY_AGENTS, 11);
    tallies_write(&tallies, &text);
    assert_true(has_line(&text, "natsweep_reports_total{fate=\"stored\"} 7"));
    assert_true(has_line(&text, "natsweep_reports_total{fate=\"rejected\"} 0"));
    assert_true(has_line(&text, "natsweep_database_up{thread=\"store\"} 1"));
    assert_true(has_line(&text, "natsweep_agents_connected 11"));
    metric_text_free(&text);
}

static void a_family_is_announced_once(void **state)
{
    (void)state;
    struct tallies tallies = {0};
    struct metric_text text = {0};
    tallies_write(&tallies, &text);
    assert_int_equal(times(text.bytes, "# TYPE natsweep_frames_received_total counter\n"), 1);
    assert_int_equal(times(text.bytes, "\nnatsweep_frames_received_total{"), 8);
    assert_int_equal(times(text.bytes, "# HELP "), times(text.bytes, "# TYPE "));
    metric_text_free(&text);
}

static void commits_fill_buckets(void **state)
{
    (void)state;
    struct tallies tallies = {0};
    struct metric_text text = {0};
    tallies_commit_took(&tallies, 1000);
    tallies_commit_took(&tallies, 1001);
    tallies_commit_took(&tallies, 60000000);
    tallies_write(&tallies, &text);
    assert_true(has_line(&text, "natsweep_store_commit_seconds_bucket{le=\"0.001\"} 1"));
    assert_true(has_line(&text, "natsweep_store_commit_seconds_bucket{le=\"0.0025\"} 2"));
    assert_true(has_line(&text, "natsweep_store_commit_seconds_bucket{le=\"5\"} 2"));
    assert_true(has_line(&text, "natsweep_store_commit_seconds_bucket{le=\"+Inf\"} 3"));
    assert_true(has_line(&text, "natsweep_store_commit_seconds_sum 60.002001"));
    assert_true(has_line(&text, "natsweep_store_commit_seconds_count 3"));
    metric_text_free(&text);
}

static void nobody_has_to_watch(void **state)
{
    (void)state;
    tallies_add(NULL, TALLY_AGENTS, 1);
    tallies_set(NULL, TALLY_AGENTS, 1);
    tallies_commit_took(NULL, 1);
    tallies_beat(NULL, PULSE_GATEWAY, 1);
    assert_int_equal(tallies_get(NULL, TALLY_AGENTS), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_counted_is_written),
        cmocka_unit_test(a_family_is_announced_once),
        cmocka_unit_test(commits_fill_buckets),
        cmocka_unit_test(nobody_has_to_watch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
