#include "watch/process_metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static double value_of(const char *name)
{
    struct metric_text text = {0};
    char line[64] = "\n";
    process_metrics_write(&text);
    strncat(line, name, sizeof(line) - 3);
    strcat(line, " ");
    const char *found = strstr(text.bytes, line);
    assert_non_null(found);
    double value = strtod(found + strlen(line), NULL);
    metric_text_free(&text);
    return value;
}

static void every_open_file_counts(void **state)
{
    (void)state;
    double before = value_of("process_open_fds");
    int fd = dup(0);
    assert_true(fd >= 0);
    assert_true(value_of("process_open_fds") == before + 1);
    close(fd);
    assert_true(value_of("process_open_fds") == before);
    assert_true(value_of("process_max_fds") >= before);
}

static void memory_is_in_bytes(void **state)
{
    (void)state;
    assert_true(value_of("process_resident_memory_bytes") > 500000);
    assert_true(value_of("process_cpu_seconds_total") >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_open_file_counts), cmocka_unit_test(memory_is_in_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
