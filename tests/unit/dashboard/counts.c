#include "dashboard/counts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void it_counts_by_class(void **state)
{
    (void)state;
    struct counts counts = {.signed_in = 2, .turned_away = 1};
    struct metric_text out = {0};
    counts_answer(&counts, 200);
    counts_answer(&counts, 204);
    counts_answer(&counts, 404);
    counts_answer(&counts, 999); /* no such class */
    counts_write(&counts, 3, 4, &out);
    assert_false(out.failed);
    assert_non_null(strstr(out.bytes, "# TYPE natsweep_dashboard_answers_total counter\n"));
    assert_non_null(strstr(out.bytes, "natsweep_dashboard_answers_total{status=\"2xx\"} 2\n"));
    assert_non_null(strstr(out.bytes, "natsweep_dashboard_answers_total{status=\"4xx\"} 1\n"));
    assert_non_null(strstr(out.bytes, "natsweep_dashboard_answers_total{status=\"5xx\"} 0\n"));
    assert_non_null(strstr(out.bytes, "natsweep_dashboard_sessions 3\n"));
    assert_non_null(strstr(out.bytes, "natsweep_dashboard_connections 4\n"));
    assert_non_null(strstr(out.bytes, "natsweep_dashboard_sign_ins_total{result=\"signed_in\"} 2\n"));
    metric_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_counts_by_class)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
