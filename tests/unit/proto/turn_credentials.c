#include "proto/turn_credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static struct turn_credentials mint(const char *secret, const char *name, int64_t expires_at_s)
{
    struct turn_credentials credentials;
    assert_int_equal(turn_credentials_mint(secret, name, expires_at_s, &credentials), 0);
    return credentials;
}

/* What `printf '%s' 1700000000:agent-7 | openssl dgst -sha1 -hmac north -binary | base64` prints. */
static void are_what_coturn_checks(void **state)
{
    (void)state;
    struct turn_credentials credentials = mint("north", "agent-7", 1700000000);
    assert_string_equal(credentials.user, "1700000000:agent-7");
    assert_string_equal(credentials.password, "mo67NSaIxhzqgoxpnuhXuVj5P2c=");
    assert_string_equal(mint("north", "check", 1700000000).password, "+QJq1Ec+ohFNLQ1p/3q6NlpXDuo=");
}

static void depend_on_all_they_are_made_of(void **state)
{
    (void)state;
    struct turn_credentials one = mint("north", "agent-7", 1700000000);
    assert_string_not_equal(one.password, mint("south", "agent-7", 1700000000).password);
    assert_string_not_equal(one.password, mint("north", "agent-8", 1700000000).password);
    assert_string_not_equal(one.password, mint("north", "agent-7", 1700000001).password);
}

static void a_name_too_long_is_refused(void **state)
{
    (void)state;
    char name[TURN_USER_BYTES];
    struct turn_credentials credentials = {.user = "untouched"};
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_int_equal(turn_credentials_mint("north", name, 1, &credentials), -EMSGSIZE);
    assert_string_equal(credentials.user, "untouched");
    name[sizeof name - sizeof "1:"] = '\0';
    assert_int_equal(strlen(mint("north", name, 1).user), TURN_USER_BYTES - 1);
}

static void sweeps_in_a_row_use_one_name(void **state)
{
    (void)state;
    const int64_t step_s = 21600, mark_s = 80000 * step_s;
    int64_t expiry_s = turn_credentials_expiry(mark_s, mark_s + 400);
    assert_int_equal(expiry_s, mark_s + 2 * step_s);
    assert_int_equal(turn_credentials_expiry(mark_s + step_s - 1, mark_s + step_s + 4000),
                     expiry_s); /* more patience */
    assert_int_equal(turn_credentials_expiry(mark_s + step_s, mark_s + step_s), expiry_s + step_s);
}

static void they_last_as_long_as_they_are_needed(void **state)
{
    (void)state;
    const int64_t now_s = 1700000000, month_s = 30 * 86400;
    assert_true(turn_credentials_expiry(now_s, now_s + month_s) >= now_s + month_s);
    assert_true(turn_credentials_expiry(now_s, now_s + month_s) < now_s + month_s + 86400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_what_coturn_checks),
        cmocka_unit_test(depend_on_all_they_are_made_of),
        cmocka_unit_test(a_name_too_long_is_refused),
        cmocka_unit_test(sweeps_in_a_row_use_one_name),
        cmocka_unit_test(they_last_as_long_as_they_are_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
