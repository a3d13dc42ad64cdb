#include "alert/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *signed_with(const char *secret, int64_t time_s, const char *body)
{
    static char text[SIGNATURE_TEXT_BYTES];
    return signature_make((const uint8_t *)secret, strlen(secret), time_s, body, text);
}

/* printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret */
static void it_is_what_openssl_says(void **state)
{
    (void)state;
    assert_string_equal(signed_with("secret", 1700000000, "{\"a\":1}"),
                        "t=1700000000,v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686");
}

static void all_of_it_counts(void **state)
{
    (void)state;
    char first[SIGNATURE_TEXT_BYTES];
    strcpy(first, signed_with("secret", 1, "body"));
    assert_string_equal(signed_with("secret", 1, "body"), first);
    assert_string_not_equal(signed_with("secreu", 1, "body"), first);
    assert_string_not_equal(signed_with("secret", 1, "bodz"), first);
    assert_string_not_equal(strchr(signed_with("secret", 2, "body"), ','), strchr(first, ','));
    assert_string_not_equal(strchr(signed_with("secret", 1, ".body"), ','), strchr(first, ','));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_what_openssl_says), cmocka_unit_test(all_of_it_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
