#include "agent/progress_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *shown(const struct sweep_progress *progress)
{
    char *text = NULL;
    size_t len;
    FILE *file = open_memstream(&text, &len);
    assert_non_null(file);
    progress_line_show(file, progress);
    (void)fclose(file);
    return text;
}

static void test_it_tells_how_far_and_how_long(void **state)
{
    (void)state;
    char *line = shown(&(struct sweep_progress){
        .ports_done = 50, .ports_total = 100, .remaining_us = 1500000, .stage = "testing UDP ports"});
    assert_string_equal(line, "\r\033[K[############............] 50/100 ports, testing UDP ports, about 2 s left");
    free(line);
}

static void test_it_is_full_only_at_the_end(void **state)
{
    (void)state;
    char *line = shown(&(struct sweep_progress){.ports_done = 99, .ports_total = 100});
    assert_non_null(strchr(line, '.'));
    assert_null(strstr(line, "left"));
    free(line);
    line = shown(&(struct sweep_progress){.ports_done = 100, .ports_total = 100});
    assert_null(strchr(line, '.'));
    free(line);
}

static void test_no_port_and_many_ports_are_no_trouble(void **state)
{
    (void)state;
    char *line = shown(&(struct sweep_progress){0});
    assert_non_null(strstr(line, "0/0 ports"));
    free(line);
    line = shown(&(struct sweep_progress){.ports_done = UINT32_MAX, .ports_total = UINT32_MAX});
    assert_non_null(strstr(line, "[########################]"));
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_tells_how_far_and_how_long),
        cmocka_unit_test(test_it_is_full_only_at_the_end),
        cmocka_unit_test(test_no_port_and_many_ports_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
