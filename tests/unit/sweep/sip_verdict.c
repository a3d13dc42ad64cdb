#include "sweep/sip_verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define DIFF "-Via: SIP/2.0/UDP 192.168.77.2\n+Via: SIP/2.0/UDP 203.0.113.2\n"

enum { S = SIP_SILENT, U = SIP_UNREADABLE, I = SIP_INTACT, R = SIP_REWRITTEN, N = SIP_NOT_SENT };

static const struct row {
    uint8_t fates[SIP_PLACES][SIP_METHODS];
    enum tri sip_alg;
    const char *warning; /* NULL = none */
} rows[] = {
    {{{I, I, I}, {I, I, I}}, TRI_NO, NULL},
    {{{I, I, I}, {S, S, S}}, TRI_NO, NULL},
    {{{I, I, N}, {I, I, N}}, TRI_NO, NULL},
    {{{R, R, R}, {I, I, I}}, TRI_YES, NULL},
    {{{S, S, R}, {I, I, I}}, TRI_YES, NULL},
    {{{R, R, R}, {R, R, R}}, TRI_YES, "sip_proxy"},
    {{{R, R, R}, {S, S, S}}, TRI_YES, "sip_control_silent"},
    {{{S, S, S}, {I, I, I}}, TRI_UNKNOWN, "sip_blocked"},
    {{{S, S, S}, {S, S, S}}, TRI_UNKNOWN, "sip_echo_silent"},
    {{{I, I, S}, {I, I, I}}, TRI_UNKNOWN, "sip_unanswered"},
    {{{U, U, U}, {U, U, U}}, TRI_UNKNOWN, "sip_echo_unreadable"},
    {{{N, N, N}, {N, N, N}}, TRI_UNKNOWN, "sip_echo_silent"},
};

static void each_finding_has_its_judgement(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sip_finding finding = {.echo = {.family = 4, .port = 5060, .ip = {203, 0, 113, 10}},
                                      .control = {.family = 4, .port = 15060, .ip = {203, 0, 113, 10}},
                                      .diff = DIFF};
        struct report *report = report_create(0, 0);
        assert_non_null(report);
        memcpy(finding.fates, rows[i].fates, sizeof finding.fates);
        sip_verdict_judge(&finding, report);
        assert_int_equal(report->nat.sip_alg, rows[i].sip_alg);
        assert_string_equal(report->nat.sip_alg_diff, rows[i].sip_alg == TRI_YES ? DIFF : "");
        assert_int_equal(report->warning_count, rows[i].warning ? 1 : 0);
        if (rows[i].warning)
            assert_string_equal(report->warnings[0].code, rows[i].warning);
        report_free(report);
    }
}

static void the_unanswered_methods_are_named(void **state)
{
    (void)state;
    struct sip_finding finding = {.echo = {.family = 4, .port = 5060, .ip = {203, 0, 113, 10}},
                                  .fates = {{S, I, S}, {I, I, I}}};
    struct report *report = report_create(0, 0);
    assert_non_null(report);
    sip_verdict_judge(&finding, report);
    assert_non_null(strstr(report->warnings[0].message, "203.0.113.10:5060 get no answer (OPTIONS, INVITE)"));
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_finding_has_its_judgement),
        cmocka_unit_test(the_unanswered_methods_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
