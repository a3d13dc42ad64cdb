#include "sweep/consent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_silent_server_gets_twenty_packets(void **state)
{
    (void)state;
    struct consent consent = {0};
    unsigned sent = 0;
    while (consent_may_send(&consent, 1000)) {
        consent_sent(&consent);
        sent++;
    }
    assert_int_equal(sent, 20);
    assert_false(consent_lost(&consent, UINT64_MAX / 2));
}

static void an_answer_gives_it_for_five_seconds(void **state)
{
    (void)state;
    struct consent consent = {0};
    consent_answered(&consent, 1000000, true);
    assert_true(consent_may_send(&consent, 5999999));
    assert_false(consent_lost(&consent, 5999999));
    assert_false(consent_may_send(&consent, 6000000));
    assert_true(consent_lost(&consent, 6000000));
    consent_answered(&consent, 6000001, true);
    assert_true(consent_may_send(&consent, 6000002));
}

/* A server that only says no, or nonsense, would else be asked for ever. */
static void an_error_gives_it_once(void **state)
{
    (void)state;
    struct consent consent = {0};
    consent_answered(&consent, 1000000, false);
    assert_true(consent_may_send(&consent, 5999999));
    consent_answered(&consent, 5999999, false);
    assert_true(consent_lost(&consent, 6000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_server_gets_twenty_packets),
        cmocka_unit_test(an_answer_gives_it_for_five_seconds),
        cmocka_unit_test(an_error_gives_it_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
