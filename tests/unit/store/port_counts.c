#include "store/port_counts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* One port of each row. */
static const struct port_result ports[] = {
    {.verdict = VERDICT_PASS, .expect = EXPECT_OPEN, .inbound = TRI_YES, .unsolicited = TRI_YES},
    {.verdict = VERDICT_PASS, .expect = EXPECT_OPEN, .inbound = TRI_YES}, /* forwarded by T2: T3 is unknown */
    {.verdict = VERDICT_DYNAMIC, .expect = EXPECT_OPEN, .inbound = TRI_YES, .unsolicited = TRI_NO}, /* T3 counts */
    {.verdict = VERDICT_TRANSLATED, .expect = EXPECT_OPEN, .inbound = TRI_NO, .unsolicited = TRI_YES},
    {.verdict = VERDICT_UNREACHABLE, .expect = EXPECT_OPEN},                 /* nothing known of the way in */
    {.verdict = VERDICT_CLOSED, .expect = EXPECT_CLOSED, .inbound = TRI_NO}, /* as hoped: says nothing of forwards */
    {.verdict = VERDICT_INCONCLUSIVE, .expect = EXPECT_OPEN, .unsolicited = TRI_YES},
    {.verdict = VERDICT_NOT_TESTED, .expect = EXPECT_CLOSED},
};

static void each_port_counts_once(void **state)
{
    (void)state;
    struct report report = {.ports = (struct port_result *)ports, .port_count = sizeof ports / sizeof ports[0]};
    struct port_counts counts = port_counts_make(&report);
    assert_int_equal(counts.pass, 3);
    assert_int_equal(counts.fail, 3);
    assert_int_equal(counts.unjudged, 2);
    assert_int_equal(counts.forwarded, 3);
    assert_int_equal(counts.unforwarded, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_port_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
