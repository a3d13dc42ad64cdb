#include "net/resolver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PATIENCE_MS 10000

static void test_numeric(void **state)
{
    struct resolver_answer answer;
    struct address expected;

    (void)state;
    resolver_lookup("127.0.0.1", 3478, 4, PATIENCE_MS, -1, &answer);
    assert_int_equal(answer.status, RESOLVER_OK);
    assert_int_equal(answer.count, 1);
    assert_int_equal(address_parse("127.0.0.1:3478", &expected), 0);
    assert_true(address_equal(&answer.addresses[0], &expected));
}

static void test_numeric_of_the_other_family(void **state)
{
    struct resolver_answer answer;

    (void)state;
    resolver_lookup("127.0.0.1", 3478, 6, PATIENCE_MS, -1, &answer);
    assert_int_equal(answer.status, RESOLVER_WRONG_FAMILY);
    assert_int_equal(answer.count, 0);
}

static void test_cancelled_before_the_answer(void **state)
{
    struct resolver_answer answer;
    int cancel_fd = eventfd(1, EFD_CLOEXEC);

    (void)state;
    resolver_lookup("localhost", 3478, 4, PATIENCE_MS, cancel_fd, &answer);
    assert_int_equal(answer.status, RESOLVER_CANCELLED);
    close(cancel_fd);
}

static void test_every_failure_has_its_word(void **state)
{
    (void)state;
    assert_int_equal(resolver_classify(0, 0), RESOLVER_OK);
    assert_int_equal(resolver_classify(EAI_NONAME, 0), RESOLVER_NO_SUCH_NAME);
    assert_int_equal(resolver_classify(EAI_NODATA, 0), RESOLVER_NO_ADDRESS);
    assert_int_equal(resolver_classify(EAI_ADDRFAMILY, 0), RESOLVER_WRONG_FAMILY);
    assert_int_equal(resolver_classify(EAI_FAIL, 0), RESOLVER_SERVER_FAILURE);
    assert_int_equal(resolver_classify(EAI_AGAIN, 2), RESOLVER_SERVER_FAILURE);
    assert_int_equal(resolver_classify(EAI_AGAIN, 3), RESOLVER_NO_SUCH_NAME);
    assert_int_equal(resolver_classify(EAI_AGAIN, -ETIMEDOUT), RESOLVER_TIMEOUT);
    assert_int_equal(resolver_classify(EAI_AGAIN, -ECONNREFUSED), RESOLVER_UNREACHABLE);
    assert_int_equal(resolver_classify(EAI_MEMORY, 0), RESOLVER_LOCAL_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numeric),
        cmocka_unit_test(test_numeric_of_the_other_family),
        cmocka_unit_test(test_cancelled_before_the_answer),
        cmocka_unit_test(test_every_failure_has_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
