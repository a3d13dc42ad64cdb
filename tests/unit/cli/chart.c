#include "cli/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct drawing {
    char *text;
    size_t bytes;
    FILE *out;
};

static struct drawing *begin(void)
{
    static struct drawing drawing;
    free(drawing.text);
    drawing.text = NULL;
    drawing.out = open_memstream(&drawing.text, &drawing.bytes);
    return &drawing;
}

static const char *end(struct drawing *drawing)
{
    fclose(drawing->out);
    return drawing->text;
}

static int times(const char *text, const char *words)
{
    int count = 0;
    for (const char *found = strstr(text, words); found; found = strstr(found + 1, words))
        count++;
    return count;
}

static void a_day_is_a_column(void **state)
{
    (void)state;
    const struct chart_day days[] = {{"2026-01-01", {3, 1, 0, 0}}, {"2026-01-02", {0, 0, 0, 2}}};
    struct drawing *drawing = begin();
    chart_days(drawing->out, days, 2);
    const char *text = end(drawing);
    assert_int_equal(times(text, "<rect"), 3);
    assert_non_null(strstr(
        text,
        "<rect class=\"good\" x=\"0.00\" y=\"37.50\" width=\"359.00\" height=\"112.50\"><title>2026-01-01: 3</title>"));
    assert_non_null(strstr(text, "<rect class=\"part\" x=\"0.00\" y=\"0.00\" width=\"359.00\" height=\"37.50\">"));
    assert_non_null(strstr(text, "<rect class=\"open\" x=\"360.00\" y=\"75.00\""));
    assert_non_null(strstr(text, "at most 4\""));
}

static void nothing_is_drawn_of_nothing(void **state)
{
    (void)state;
    struct drawing *drawing = begin();
    chart_days(drawing->out, NULL, 0);
    chart_share(drawing->out, (const int[CHART_KINDS]){0});
    chart_ports(drawing->out, NULL, 0);
    const char *text = end(drawing);
    assert_int_equal(times(text, "<rect"), 0);
    assert_int_equal(times(text, "<svg"), times(text, "</svg>"));
    assert_null(strstr(text, "nan"));
}

static void shares_fill_the_bar(void **state)
{
    (void)state;
    struct drawing *drawing = begin();
    chart_share(drawing->out, (const int[CHART_KINDS]){1, 0, 3, 0});
    const char *text = end(drawing);
    assert_non_null(strstr(text, "class=\"good\" x=\"0.00\" y=\"0.00\" width=\"180.00\""));
    assert_non_null(strstr(text, "class=\"bad\" x=\"180.00\" y=\"0.00\" width=\"540.00\""));
}

static void one_port_can_be_seen_beside_thousands(void **state)
{
    (void)state;
    const struct chart_range ranges[] = {{5060, 5060, CHART_BAD, "<x>"}, {9000, 10999, CHART_GOOD, "fine"}};
    struct drawing *drawing = begin();
    chart_ports(drawing->out, ranges, 2);
    const char *text = end(drawing);
    assert_non_null(strstr(text, "<title>&lt;x&gt;</title>"));
    const char *width = strstr(strstr(text, "class=\"bad\""), "width=\"");
    assert_true(strtod(width + 7, NULL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_a_column), cmocka_unit_test(nothing_is_drawn_of_nothing),
        cmocka_unit_test(shares_fill_the_bar), cmocka_unit_test(one_port_can_be_seen_beside_thousands)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
