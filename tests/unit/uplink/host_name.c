#include "uplink/host_name.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Names the host anew where only this process sees it; skipped without the right to. */
static void call_host(const char *name)
{
    if (unshare(CLONE_NEWUTS) != 0)
        skip();
    assert_int_equal(sethostname(name, strlen(name)), 0);
}

static void a_name_is_told_as_it_is(void **state)
{
    (void)state;
    char name[WIRE_NAME_BYTES_MAX];
    call_host("pbx-\xc3\xa4");
    assert_string_equal(host_name(name), "pbx-\xc3\xa4");
}

static void what_the_wire_would_refuse_is_replaced(void **state)
{
    (void)state;
    char name[WIRE_NAME_BYTES_MAX];
    call_host("pbx\xff\n\x1b[2J");
    assert_string_equal(host_name(name), "pbx???[2J");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_told_as_it_is),
        cmocka_unit_test(what_the_wire_would_refuse_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
