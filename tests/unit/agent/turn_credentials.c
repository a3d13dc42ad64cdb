#include "agent/turn_credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static void test_known_credentials(void **state)
{
    char user[PLAN_CREDENTIAL_BYTES], password[PLAN_CREDENTIAL_BYTES];

    (void)state;
    /* printf %s 1700000000:check | openssl dgst -sha1 -hmac north -binary | base64 */
    assert_int_equal(turn_credentials_mint("north", "check", 1700000000, user, password), 0);
    assert_string_equal(user, "1700000000:check");
    assert_string_equal(password, "+QJq1Ec+ohFNLQ1p/3q6NlpXDuo=");
}

static void test_a_name_too_long_is_refused(void **state)
{
    char user[PLAN_CREDENTIAL_BYTES], password[PLAN_CREDENTIAL_BYTES], name[PLAN_CREDENTIAL_BYTES];

    (void)state;
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_int_equal(turn_credentials_mint("north", name, 1, user, password), -EMSGSIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_credentials),
        cmocka_unit_test(test_a_name_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
