#include "metrics/metric_text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_family_has_help_and_type(void **state)
{
    (void)state;
    struct metric_text text = {0};
    metric_text_family(&text, "natsweep_things_total", METRIC_COUNTER, "things, \"all\" of\nthem in C:\\");
    assert_string_equal(text.bytes, "# HELP natsweep_things_total things, \"all\" of\\nthem in C:\\\\\n"
                                    "# TYPE natsweep_things_total counter\n");
    metric_text_free(&text);
}

static void hostile_labels_stay_values(void **state)
{
    (void)state;
    struct metric_text text = {0};
    const struct metric_label labels[] = {{"server", "a\"} 1\nevil_total 2 \\"}, {"kind", "x"}};
    metric_text_sample(&text, "natsweep_x", labels, 2, 3);
    assert_string_equal(text.bytes, "natsweep_x{server=\"a\\\"} 1\\nevil_total 2 \\\\\",kind=\"x\"} 3\n");
    metric_text_free(&text);
}

static void written(double value, const char *expected)
{
    struct metric_text text = {0};
    metric_text_sample(&text, "m", NULL, 0, value);
    assert_non_null(text.bytes);
    assert_memory_equal(text.bytes, "m ", 2);
    assert_string_equal(text.bytes + 2, expected);
    metric_text_free(&text);
}

static void numbers_keep_their_digits(void **state)
{
    (void)state;
    written(0, "0\n");
    written(0.005, "0.005\n");
    written(-1.5, "-1.5\n");
    written(9007199254740991.0, "9007199254740991\n");
    written(1e300, "1e+300\n");
    written(INFINITY, "+Inf\n");
    written(-INFINITY, "-Inf\n");
    written(NAN, "NaN\n");
}

static void the_buffer_grows(void **state)
{
    (void)state;
    struct metric_text text = {0};
    for (int i = 0; i < 10000; i++)
        metric_text_sample(&text, "natsweep_number", NULL, 0, i);
    assert_false(text.failed);
    assert_int_equal(text.len, strlen(text.bytes));
    assert_string_equal(text.bytes + text.len - 21, "natsweep_number 9999\n");
    metric_text_free(&text);
    assert_null(text.bytes);
}

static void types_have_words(void **state)
{
    (void)state;
    enum metric_type type = METRIC_COUNTER;
    assert_int_equal(metric_type_parse("histogram", &type), 0);
    assert_int_equal(type, METRIC_HISTOGRAM);
    assert_int_equal(metric_type_parse("summary", &type), -1);
    assert_int_equal(type, METRIC_HISTOGRAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_family_has_help_and_type), cmocka_unit_test(hostile_labels_stay_values),
        cmocka_unit_test(numbers_keep_their_digits),  cmocka_unit_test(the_buffer_grows),
        cmocka_unit_test(types_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
