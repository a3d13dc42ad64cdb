#include "proto/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

typedef const char *(*word_function)(unsigned number);

/* A word list has no holes and no word twice, and what is outside it has no word: decoders rely on that. */
static void check_list(word_function word, unsigned last)
{
    assert_null(word(0));
    assert_null(word(last + 1));
    assert_null(word(1000000));
    for (unsigned i = 1; i <= last; i++) {
        assert_non_null(word(i));
        for (unsigned j = 1; j < i; j++)
            assert_string_not_equal(word(i), word(j));
    }
}

static void lists_are_dense_and_distinct(void **state)
{
    (void)state;
    check_list(transport_word, TRANSPORT_TCP);
    check_list(verdict_word, VERDICT_NOT_TESTED);
    check_list(reason_word, REASON_INTERRUPTED);
    check_list(outcome_word, OUTCOME_INTERRUPTED);
    check_list(nat_class_word, NAT_CLASS_UNKNOWN);
    check_list(behaviour_word, BEHAVIOUR_UNKNOWN);
    check_list(role_word, ROLE_SETUP);
    check_list(expect_word, EXPECT_CLOSED);
    check_list(mode_word, MODE_EXCLUSIVE);
}

static void only_what_speaks_of_the_firewall_is_judged(void **state)
{
    (void)state;
    static const enum verdict judged[] = {VERDICT_PASS,       VERDICT_CLOSED,      VERDICT_DYNAMIC,
                                          VERDICT_TRANSLATED, VERDICT_UNREACHABLE, VERDICT_REFUSED,
                                          VERDICT_WRONG_HOST, VERDICT_BAD_RESPONSE};
    unsigned count = 0;
    for (unsigned i = 1; i <= VERDICT_NOT_TESTED; i++)
        count += verdict_is_judged((enum verdict)i);
    assert_int_equal(count, ARRAY_LEN(judged));
    for (size_t i = 0; i < ARRAY_LEN(judged); i++)
        assert_true(verdict_is_judged(judged[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_dense_and_distinct),
        cmocka_unit_test(only_what_speaks_of_the_firewall_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
