#include "dashboard/failure.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_failure_has_its_words(void **state)
{
    (void)state;
    for (enum failure failure = FAILURE_NONE + 1; failure < FAILURE_COUNT; failure++) {
        assert_in_range(failure_status(failure), 400, 504);
        assert_true(failure_word(failure)[0] != '\0');
        size_t len = strlen(failure_sentence(failure));
        assert_true(len > 0 && failure_sentence(failure)[len - 1] == '.');
    }
}

static void it_tells_statements_apart(void **state)
{
    (void)state;
    assert_int_equal(failure_of_statement("42501"), FAILURE_NO_RIGHT);
    assert_int_equal(failure_of_statement("42883"), FAILURE_SCHEMA);
    assert_int_equal(failure_of_statement("P0002"), FAILURE_NO_SUCH);
    assert_int_equal(failure_of_statement("22023"), FAILURE_REFUSED);
    assert_int_equal(failure_of_statement("NS001"), FAILURE_REFUSED);
    assert_int_equal(failure_of_statement("57014"), FAILURE_SLOW);
    assert_int_equal(failure_of_statement("57P01"), FAILURE_AWAY);
    assert_int_equal(failure_of_statement("53300"), FAILURE_AWAY);
}

static void it_tells_a_wrong_password_from_a_server_that_is_away(void **state)
{
    (void)state;
    static const char prefix[] = "connection to server at \"localhost\" (127.0.0.1), port 5432 failed: ";
    char message[256];
    static const struct {
        const char *end;
        enum failure failure;
    } rows[] = {
        {"FATAL:  28P01\n", FAILURE_WRONG_PASSWORD},
        {"FATAL:  28000", FAILURE_WRONG_PASSWORD},
        {"FATAL:  3D000\n", FAILURE_SCHEMA},
        {"FATAL:  42501\n", FAILURE_NO_MEMBER},
        {"FATAL:  53300\n", FAILURE_AWAY}, /* too many connections, after the password was right */
        {"FATAL:  57P03\n", FAILURE_AWAY},
        {"Connection refused\n\tIs the server running?\n", FAILURE_AWAY},
        {"fe_sendauth: no password supplied\n", FAILURE_AWAY},
        {"", FAILURE_AWAY},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void)strcpy(message, prefix);
        (void)strcat(message, rows[i].end);
        assert_int_equal(failure_of_connection(message), rows[i].failure);
    }
    assert_int_equal(failure_of_connection(""), FAILURE_AWAY);
    assert_int_equal(failure_of_connection("28P01"), FAILURE_AWAY); /* no more than a word */
}

static void only_the_schemas_own_sentences_reach_the_page(void **state)
{
    (void)state;
    assert_true(failure_speaks_sql(FAILURE_REFUSED));
    assert_true(failure_speaks_sql(FAILURE_NO_SUCH));
    assert_false(failure_speaks_sql(FAILURE_SCHEMA));
    assert_false(failure_speaks_sql(FAILURE_AWAY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_has_its_words),
        cmocka_unit_test(it_tells_statements_apart),
        cmocka_unit_test(it_tells_a_wrong_password_from_a_server_that_is_away),
        cmocka_unit_test(only_the_schemas_own_sentences_reach_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
