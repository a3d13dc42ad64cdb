#include "sweep/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SENDS 3

static struct observation seen_as(enum test_outcome t1, enum test_outcome t2, enum test_outcome t3)
{
    return (struct observation){.port = 5060,
                                .t1 = (uint8_t)t1,
                                .t2 = (uint8_t)t2,
                                .t3 = (uint8_t)t3,
                                .echo = TEST_ANSWERED,
                                .sends_t1 = SENDS,
                                .sends_t2 = SENDS,
                                .sends_t3 = SENDS,
                                .rtt_us = 1000,
                                .mapped = {.family = 4, .port = 5060, .ip = {198, 51, 100, 2}}};
}

static struct circumstances around_as(enum behaviour filtering)
{
    return (struct circumstances){.second = TRI_YES,
                                  .response_port = TRI_YES,
                                  .filtering = filtering,
                                  .public_address = {.family = 4, .port = 40000, .ip = {198, 51, 100, 2}},
                                  .sends_needed = SENDS};
}

static struct port_result judge(struct observation seen, struct circumstances around, bool silent)
{
    struct port_result result = {.port = seen.port};
    verdict_judge(&seen, &around, silent, &result);
    return result;
}

static void the_table_of_the_contract(void **state)
{
    (void)state;
    const enum behaviour dependent = BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT, independent = BEHAVIOUR_ENDPOINT_INDEPENDENT;
    const struct {
        enum test_outcome t1, t2, t3;
        enum behaviour filtering;
        enum verdict verdict;
        enum reason reason;
        enum tri unsolicited;
    } rows[] = {
        {TEST_ANSWERED, TEST_ANSWERED, TEST_ANSWERED, dependent, VERDICT_PASS, REASON_NONE, TRI_YES},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_NOT_MADE, dependent, VERDICT_PASS, REASON_NONE, TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_ANSWERED, independent, VERDICT_PASS, REASON_NONE, TRI_YES},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_SILENT, independent, VERDICT_DYNAMIC, REASON_NONE, TRI_NO},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_SILENT, BEHAVIOUR_UNKNOWN, VERDICT_DYNAMIC, REASON_NONE, TRI_NO},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_NOT_MADE, independent, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT,
         TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_REWRITTEN, TEST_REWRITTEN, dependent, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE,
         TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_SILENT, TEST_REWRITTEN, dependent, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE,
         TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_REWRITTEN, dependent, VERDICT_PASS, REASON_NONE, TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_REWRITTEN, independent, VERDICT_INCONCLUSIVE, REASON_MAPPING_ALIVE,
         TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_ELSEWHERE, TEST_ELSEWHERE, dependent, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT,
         TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_SILENT, TEST_ELSEWHERE, dependent, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT, TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_SILENT, TEST_SILENT, dependent, VERDICT_CLOSED, REASON_NONE, TRI_NO},
        {TEST_ANSWERED, TEST_SILENT, TEST_ANSWERED, dependent, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION, TRI_YES},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_SILENT, dependent, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION,
         TRI_UNKNOWN},
        {TEST_ANSWERED, TEST_WRONG_SOURCE, TEST_SILENT, dependent, VERDICT_NO_SECOND_ADDRESS, REASON_NONE, TRI_NO},
        {TEST_ANSWERED, TEST_ERROR, TEST_SILENT, dependent, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT, TRI_NO},
        {TEST_SILENT, TEST_NOT_MADE, TEST_SILENT, dependent, VERDICT_UNREACHABLE, REASON_TIMEOUT, TRI_NO},
        {TEST_ERROR, TEST_NOT_MADE, TEST_SILENT, dependent, VERDICT_BAD_RESPONSE, REASON_NONE, TRI_NO},
        {TEST_MALFORMED, TEST_NOT_MADE, TEST_SILENT, dependent, VERDICT_BAD_RESPONSE, REASON_NONE, TRI_NO},
        {TEST_LOCAL_ERROR, TEST_NOT_MADE, TEST_SILENT, dependent, VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR, TRI_NO},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct port_result result =
            judge(seen_as(rows[i].t1, rows[i].t2, rows[i].t3), around_as(rows[i].filtering), true);
        assert_string_equal(verdict_word(result.verdict), verdict_word(rows[i].verdict));
        assert_int_equal(result.reason, rows[i].reason);
        assert_int_equal(result.unsolicited, rows[i].unsolicited);
    }
}

static void translation_comes_before_what_lies_behind_it(void **state)
{
    (void)state;
    struct observation seen = seen_as(TEST_ANSWERED, TEST_SILENT, TEST_ANSWERED);
    seen.mapped.port = 50000;
    struct port_result result = judge(seen, around_as(BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT), true);
    assert_int_equal(result.verdict, VERDICT_TRANSLATED);
    assert_int_equal(result.unsolicited, TRI_YES);
    assert_int_equal(result.preserved, TRI_NO);
}

static void a_port_that_talked_proves_no_forward(void **state)
{
    (void)state;
    struct observation seen = seen_as(TEST_ANSWERED, TEST_ANSWERED, TEST_ANSWERED);
    struct circumstances around = around_as(BEHAVIOUR_ENDPOINT_INDEPENDENT);
    struct port_result result = judge(seen, around, false);
    assert_int_equal(result.verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(result.reason, REASON_MAPPING_ALIVE);
    assert_int_equal(result.unsolicited, TRI_UNKNOWN);
    seen.tries_t3 = 1; /* this very sweep made it talk */
    assert_int_equal(judge(seen, around, true).reason, REASON_MAPPING_ALIVE);
    around.unfiltered = true; /* nothing to open */
    assert_int_equal(judge(seen, around, false).verdict, VERDICT_PASS);
}

/* Where no mapping is needed none can be missing. */
static void no_port_of_an_open_host_is_dynamic(void **state)
{
    (void)state;
    struct observation seen = seen_as(TEST_ANSWERED, TEST_ANSWERED, TEST_SILENT);
    struct circumstances around = around_as(BEHAVIOUR_ENDPOINT_INDEPENDENT);
    assert_int_equal(judge(seen, around, true).verdict, VERDICT_DYNAMIC);
    around.unfiltered = true;
    assert_int_equal(judge(seen, around, true).verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(judge(seen, around, true).reason, REASON_SCAN_PROTECTION);
    assert_int_equal(judge(seen, around, true).unsolicited, TRI_UNKNOWN);
}

/* The hole may be as old as the sweep before. */
static void a_port_that_a_probe_left_from_proves_no_forward(void **state)
{
    (void)state;
    static const enum behaviour filters[] = {BEHAVIOUR_ENDPOINT_INDEPENDENT, BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT};
    for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
        struct observation seen = seen_as(TEST_ANSWERED, TEST_ANSWERED, TEST_ANSWERED);
        struct circumstances around = around_as(filters[i]);
        seen.probed = true;
        assert_int_equal(judge(seen, around, true).verdict, VERDICT_INCONCLUSIVE);
        assert_int_equal(judge(seen, around, true).reason, REASON_MAPPING_ALIVE);
        assert_int_equal(judge(seen, around, true).unsolicited, TRI_UNKNOWN);
        seen.t2 = seen.t3 = TEST_SILENT;
        assert_int_equal(judge(seen, around, true).verdict, VERDICT_CLOSED);
    }
}

static void silence_of_an_unproven_server_is_not_closed(void **state)
{
    (void)state;
    struct circumstances around = around_as(BEHAVIOUR_UNKNOWN);
    around.second = TRI_UNKNOWN;
    struct port_result result = judge(seen_as(TEST_ANSWERED, TEST_SILENT, TEST_SILENT), around, true);
    assert_int_equal(result.verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(result.reason, REASON_SERVER_FAULT);
    assert_int_equal(result.inbound, TRI_UNKNOWN);
    around.second = TRI_NO;
    result = judge(seen_as(TEST_ANSWERED, TEST_NOT_MADE, TEST_NOT_MADE), around, true);
    assert_int_equal(result.verdict, VERDICT_NO_SECOND_ADDRESS);
}

static void a_common_cause_overrides_failures_only(void **state)
{
    (void)state;
    const struct {
        enum test_outcome t1, t2, t3;
        enum verdict verdict;
    } rows[] = {
        {TEST_SILENT, TEST_NOT_MADE, TEST_SILENT, VERDICT_INCONCLUSIVE},
        {TEST_ANSWERED, TEST_SILENT, TEST_SILENT, VERDICT_INCONCLUSIVE},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_SILENT, VERDICT_INCONCLUSIVE},
        {TEST_ANSWERED, TEST_ANSWERED, TEST_ANSWERED, VERDICT_PASS},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct observation seen = seen_as(rows[i].t1, rows[i].t2, rows[i].t3);
        seen.doubted = true;
        seen.reason = REASON_SCAN_PROTECTION;
        struct port_result result = judge(seen, around_as(BEHAVIOUR_ENDPOINT_INDEPENDENT), true);
        assert_int_equal(result.verdict, rows[i].verdict);
        assert_int_equal(result.reason, rows[i].verdict == VERDICT_PASS ? REASON_NONE : REASON_SCAN_PROTECTION);
    }
}

static void too_few_sends_for_the_loss_is_inconclusive(void **state)
{
    (void)state;
    struct circumstances around = around_as(BEHAVIOUR_ENDPOINT_INDEPENDENT);
    around.sends_needed = SENDS + 1;
    assert_int_equal(judge(seen_as(TEST_ANSWERED, TEST_SILENT, TEST_SILENT), around, true).reason, REASON_LOSS);
    assert_int_equal(judge(seen_as(TEST_SILENT, TEST_NOT_MADE, TEST_SILENT), around, true).reason, REASON_LOSS);
    assert_int_equal(judge(seen_as(TEST_ANSWERED, TEST_ANSWERED, TEST_SILENT), around, true).reason, REASON_LOSS);
    assert_int_equal(judge(seen_as(TEST_ANSWERED, TEST_ANSWERED, TEST_ANSWERED), around, true).verdict, VERDICT_PASS);
}

static void test_3_to_another_wan_says_nothing(void **state)
{
    (void)state;
    struct circumstances around = around_as(BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT);
    around.public_address.ip[3] = 3;
    assert_int_equal(judge(seen_as(TEST_ANSWERED, TEST_SILENT, TEST_SILENT), around, true).unsolicited, TRI_UNKNOWN);
}

static void without_response_port_silence_of_test_3_says_nothing(void **state)
{
    (void)state;
    struct circumstances around = around_as(BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT);
    around.response_port = TRI_UNKNOWN;
    struct port_result result = judge(seen_as(TEST_ANSWERED, TEST_ANSWERED, TEST_SILENT), around, true);
    assert_int_equal(result.unsolicited, TRI_UNKNOWN);
    assert_int_equal(result.verdict, VERDICT_PASS);
}

static void a_held_port_is_in_use(void **state)
{
    (void)state;
    struct observation seen = {.port = 5060, .in_use = true, .rtt_us = RTT_UNKNOWN_US};
    assert_int_equal(judge(seen, around_as(BEHAVIOUR_UNKNOWN), true).verdict, VERDICT_IN_USE);
}

static void an_untested_port_says_why(void **state)
{
    (void)state;
    struct observation seen = {.port = 5060, .reason = REASON_CANCELLED, .rtt_us = RTT_UNKNOWN_US};
    struct port_result result = judge(seen, around_as(BEHAVIOUR_UNKNOWN), true);
    assert_int_equal(result.verdict, VERDICT_NOT_TESTED);
    assert_int_equal(result.reason, REASON_CANCELLED);
    assert_int_equal(result.reached, TRI_UNKNOWN);
}

static void silence_of_a_server_that_leaves_test_3_out_says_nothing(void **state)
{
    (void)state;
    struct observation seen = seen_as(TEST_ANSWERED, TEST_ANSWERED, TEST_SILENT);
    seen.echo = TEST_SILENT;
    struct port_result result = judge(seen, around_as(BEHAVIOUR_ENDPOINT_INDEPENDENT), true);
    assert_int_equal(result.verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(result.reason, REASON_SERVER_FAULT);
    assert_int_equal(result.unsolicited, TRI_UNKNOWN);
    assert_int_equal(judge(seen, around_as(BEHAVIOUR_ADDRESS_DEPENDENT), true).verdict, VERDICT_PASS);
    struct circumstances around = around_as(BEHAVIOUR_UNKNOWN);
    around.guarded = true; /* a router that swallows strangers' packets explains it as well */
    assert_int_equal(judge(seen, around, true).reason, REASON_SCAN_PROTECTION);
}

static void a_false_mapped_port_is_no_translation(void **state)
{
    (void)state;
    struct circumstances around = around_as(BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT);
    struct observation seen = seen_as(TEST_ANSWERED, TEST_ANSWERED, TEST_ANSWERED);
    seen.mapped.port = 5061;
    assert_int_equal(judge(seen, around, true).verdict, VERDICT_TRANSLATED);
    around.mapping_false = true;
    assert_int_equal(judge(seen, around, true).verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(judge(seen, around, true).preserved, TRI_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_the_contract),
        cmocka_unit_test(silence_of_a_server_that_leaves_test_3_out_says_nothing),
        cmocka_unit_test(a_false_mapped_port_is_no_translation),
        cmocka_unit_test(translation_comes_before_what_lies_behind_it),
        cmocka_unit_test(a_port_that_talked_proves_no_forward),
        cmocka_unit_test(no_port_of_an_open_host_is_dynamic),
        cmocka_unit_test(a_port_that_a_probe_left_from_proves_no_forward),
        cmocka_unit_test(silence_of_an_unproven_server_is_not_closed),
        cmocka_unit_test(a_common_cause_overrides_failures_only),
        cmocka_unit_test(too_few_sends_for_the_loss_is_inconclusive),
        cmocka_unit_test(test_3_to_another_wan_says_nothing),
        cmocka_unit_test(without_response_port_silence_of_test_3_says_nothing),
        cmocka_unit_test(a_held_port_is_in_use),
        cmocka_unit_test(an_untested_port_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
