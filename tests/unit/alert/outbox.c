#include "alert/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_sender_is_a_uuid_of_its_own(void **state)
{
    (void)state;
    char first[OUTBOX_SENDER_BYTES], second[OUTBOX_SENDER_BYTES];
    outbox_sender(first);
    outbox_sender(second);
    assert_string_not_equal(first, second);
    assert_int_equal(strlen(first), 36);
    for (size_t i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23)
            assert_int_equal(first[i], '-');
        else
            assert_non_null(strchr("0123456789abcdef", first[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_sender_is_a_uuid_of_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
