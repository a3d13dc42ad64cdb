#include "proto/port_result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check(int expect, int verdict, int unsolicited, enum tri expected)
{
    struct port_result result = {
        .expect = (uint8_t)expect, .verdict = (uint8_t)verdict, .unsolicited = (uint8_t)unsolicited};
    if (port_result_as_expected(&result) != expected)
        fail_msg("expected %s, verdict %s", expect_word((unsigned)expect), verdict_word((unsigned)verdict));
}

static void open_port_must_pass(void **state)
{
    (void)state;
    check(EXPECT_OPEN, VERDICT_PASS, TRI_YES, TRI_YES);
    check(EXPECT_OPEN, VERDICT_CLOSED, TRI_NO, TRI_NO);
    check(EXPECT_OPEN, VERDICT_TRANSLATED, TRI_YES, TRI_NO);
    check(EXPECT_OPEN, VERDICT_DYNAMIC, TRI_NO, TRI_NO);
}

static void closed_port_must_not_be_reachable(void **state)
{
    (void)state;
    check(EXPECT_CLOSED, VERDICT_PASS, TRI_UNKNOWN, TRI_NO);
    check(EXPECT_CLOSED, VERDICT_CLOSED, TRI_NO, TRI_YES);
    check(EXPECT_CLOSED, VERDICT_REFUSED, TRI_UNKNOWN, TRI_YES);
    check(EXPECT_CLOSED, VERDICT_WRONG_HOST, TRI_UNKNOWN, TRI_YES);
    check(EXPECT_CLOSED, VERDICT_TRANSLATED, TRI_NO, TRI_YES);
    check(EXPECT_CLOSED, VERDICT_TRANSLATED, TRI_YES, TRI_NO);
    check(EXPECT_CLOSED, VERDICT_UNREACHABLE, TRI_YES, TRI_NO);
}

static void unjudged_port_is_unknown(void **state)
{
    (void)state;
    static const int unjudged[] = {VERDICT_IN_USE, VERDICT_NO_SECOND_ADDRESS, VERDICT_INCONCLUSIVE, VERDICT_NOT_TESTED};
    for (size_t i = 0; i < sizeof unjudged / sizeof unjudged[0]; i++) {
        check(EXPECT_OPEN, unjudged[i], TRI_UNKNOWN, TRI_UNKNOWN);
        check(EXPECT_CLOSED, unjudged[i], TRI_YES, TRI_UNKNOWN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_port_must_pass),
        cmocka_unit_test(closed_port_must_not_be_reachable),
        cmocka_unit_test(unjudged_port_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
