#include "report/explanation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void test_every_verdict_and_reason_is_explained(void **state)
{
    (void)state;
    for (unsigned transport = TRANSPORT_UDP; transport_word(transport); transport++)
        for (unsigned verdict = 1; verdict_word(verdict); verdict++)
            for (unsigned reason = 0; reason == 0 || reason_word(reason); reason++) {
                struct port_result result = {.transport = (uint8_t)transport,
                                             .expect = EXPECT_OPEN,
                                             .verdict = (uint8_t)verdict,
                                             .reason = (uint8_t)reason};
                struct explanation text;
                explain(&result, &text);
                assert_true(strlen(text.cause) > 10);
            }
}

static void test_the_forward_that_works_is_told_from_the_one_that_lacks(void **state)
{
    struct port_result result = {.verdict = VERDICT_TRANSLATED, .transport = TRANSPORT_UDP, .expect = EXPECT_OPEN};
    struct explanation works, lacks;

    (void)state;
    result.unsolicited = TRI_YES;
    explain(&result, &works);
    result.unsolicited = TRI_NO;
    explain(&result, &lacks);
    assert_non_null(strstr(works.cause, "forward works"));
    assert_null(strstr(works.cure, "Forward the port"));
    assert_non_null(strstr(lacks.cure, "Forward the port"));
}

static void test_closed_as_hoped_needs_no_cure(void **state)
{
    struct port_result result = {.verdict = VERDICT_CLOSED, .transport = TRANSPORT_TCP, .expect = EXPECT_CLOSED};
    struct explanation text;

    (void)state;
    explain(&result, &text);
    assert_string_equal(text.cure, "");
    result.verdict = VERDICT_PASS;
    explain(&result, &text);
    assert_non_null(strstr(text.cure, "closed"));
}

static void test_the_owner_is_named(void **state)
{
    struct port_owner owner = {.pid = 812, .name = "3CXPhoneSystem"};
    struct port_result result = {.verdict = VERDICT_IN_USE, .transport = TRANSPORT_UDP, .owner = &owner};
    char line[EXPLANATION_LINE_BYTES];

    (void)state;
    assert_non_null(strstr(explain_line(&result, line), "3CXPhoneSystem (pid 812)"));
    result.owner = NULL;
    assert_non_null(strstr(explain_line(&result, line), "Another program"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_verdict_and_reason_is_explained),
        cmocka_unit_test(test_the_forward_that_works_is_told_from_the_one_that_lacks),
        cmocka_unit_test(test_closed_as_hoped_needs_no_cure),
        cmocka_unit_test(test_the_owner_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
