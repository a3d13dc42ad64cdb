#include "base/signals.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

static void signals_are_read_instead_of_suffered(void **state)
{
    (void)state;
    int fd = signals_open(SIGHUP);
    assert_true(fd >= 0);
    assert_int_equal(signals_next(fd), 0);
    raise(SIGHUP);
    assert_int_equal(signals_next(fd), SIGHUP);
    raise(SIGTERM);
    assert_int_equal(signals_next(fd), SIGTERM);
    raise(SIGINT);
    assert_int_equal(signals_next(fd), SIGINT);
    raise(SIGPIPE);
    assert_int_equal(signals_next(fd), 0);
    assert_int_equal(close(fd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(signals_are_read_instead_of_suffered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
