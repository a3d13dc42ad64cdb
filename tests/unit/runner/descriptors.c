#include "runner/descriptors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

static void set_limit(rlim_t soft, rlim_t hard)
{
    const struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void test_the_limit_is_raised_and_what_is_open_counts(void **state)
{
    (void)state;
    struct rlimit limit;
    set_limit(100, 400);
    uint32_t room = descriptors_room();
    assert_in_range(room, 300, 400);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 400);
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(descriptors_room(), room - 1);
    close(fd);
}

static void test_there_is_always_room_for_one(void **state)
{
    (void)state;
    set_limit(20, 20);
    assert_int_equal(descriptors_room(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_limit_is_raised_and_what_is_open_counts),
        cmocka_unit_test(test_there_is_always_room_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
