#include "control/credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What `printf '%s' 1700000000:agent-7 | openssl dgst -sha1 -hmac north -binary | base64` prints. */
static void are_what_coturn_checks(void **state)
{
    (void)state;
    struct credentials credentials = credentials_mint("north", 7, 1700000000);
    assert_string_equal(credentials.user, "1700000000:agent-7");
    assert_string_equal(credentials.password, "mo67NSaIxhzqgoxpnuhXuVj5P2c=");
}

static void depend_on_all_they_are_made_of(void **state)
{
    (void)state;
    struct credentials one = credentials_mint("north", 7, 1700000000);
    assert_string_not_equal(one.password, credentials_mint("south", 7, 1700000000).password);
    assert_string_not_equal(one.password, credentials_mint("north", 8, 1700000000).password);
    assert_string_not_equal(one.password, credentials_mint("north", 7, 1700000001).password);
}

static void fit_at_their_longest(void **state)
{
    (void)state;
    struct credentials credentials = credentials_mint("north", INT64_MAX, INT64_MAX);
    assert_string_equal(credentials.user, "9223372036854775807:agent-9223372036854775807");
    assert_int_equal(strlen(credentials.password), 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_what_coturn_checks),
        cmocka_unit_test(depend_on_all_they_are_made_of),
        cmocka_unit_test(fit_at_their_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
