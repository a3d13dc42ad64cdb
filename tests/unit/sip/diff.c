#include "sip/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static size_t diff(const char *sent, const char *arrived, char *out, size_t capacity)
{
    return sip_diff(sent, strlen(sent), arrived, strlen(arrived), out, capacity);
}

static void what_arrived_as_sent_has_no_diff(void **state)
{
    (void)state;
    char out[64];
    assert_int_equal(diff("a\r\nb\r\n", "a\r\nb\r\n", out, sizeof out), 0);
    assert_string_equal(out, "");
}

static void rewritten_added_and_removed_lines_are_shown(void **state)
{
    (void)state;
    char out[256];
    assert_int_equal(diff("INVITE\r\nVia: 192.168.77.2\r\nc=1\r\n", "INVITE\r\nVia: 203.0.113.2\r\nX-Alg: 1\r\nc=1\r\n",
                          out, sizeof out),
                     3);
    assert_string_equal(out, "-Via: 192.168.77.2\n+Via: 203.0.113.2\n+X-Alg: 1\n");
    assert_int_equal(diff("a\r\nb\r\nc\r\n", "a\r\nc\r\n", out, sizeof out), 1);
    assert_string_equal(out, "-b\n");
    assert_int_equal(diff("a\r\n", "", out, sizeof out), 1);
    assert_int_equal(diff("", "a", out, sizeof out), 1);
}

static void a_change_of_the_line_ending_counts(void **state)
{
    (void)state;
    char out[64];
    assert_int_equal(diff("a\r\n", "a\n", out, sizeof out), 2);
}

static void what_does_not_fit_is_cut_at_a_line(void **state)
{
    (void)state;
    char out[8];
    assert_int_equal(diff("aaaa\nbbbb\n", "cccc\ndddd\n", out, sizeof out), 4);
    assert_string_equal(out, "-aaaa\n");
}

static void a_stranger_cannot_drive_the_terminal(void **state)
{
    (void)state;
    char out[64];
    assert_int_equal(diff("", "\x1b[2J\xff\n", out, sizeof out), 1);
    assert_string_equal(out, "+?[2J?\n");
}

static void many_lines_are_survived(void **state)
{
    (void)state;
    char sent[600], arrived[600], out[2048];
    for (size_t i = 0; i < sizeof sent; i += 2) {
        memcpy(sent + i, "a\n", 2);
        memcpy(arrived + i, "b\n", 2);
    }
    assert_true(sip_diff(sent, sizeof sent, arrived, sizeof arrived, out, sizeof out) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_arrived_as_sent_has_no_diff),
        cmocka_unit_test(rewritten_added_and_removed_lines_are_shown),
        cmocka_unit_test(a_change_of_the_line_ending_counts),
        cmocka_unit_test(what_does_not_fit_is_cut_at_a_line),
        cmocka_unit_test(a_stranger_cannot_drive_the_terminal),
        cmocka_unit_test(many_lines_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
