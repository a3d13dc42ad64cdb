/* Server names to the addresses of a plan; numeric ones only, so that no test needs a name server. */
#include "runner/servers.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct plan plan;
static char message[REPORT_MESSAGE_BYTES];

static int resolve(uint8_t family, const char *first, const char *second)
{
    struct server_names names = {.count = second ? 2 : first ? 1 : 0};
    snprintf(names.names[0], SERVER_NAME_BYTES, "%s", first ? first : "");
    snprintf(names.names[1], SERVER_NAME_BYTES, "%s", second ? second : "");
    plan.family = family;
    return servers_resolve(&names, &plan, 1000, -1, message);
}

static void test_addresses_come_in_the_order_of_their_names(void **state)
{
    (void)state;
    assert_int_equal(resolve(4, "127.0.0.2", "127.0.0.1:99"), 0);
    assert_int_equal(plan.server_count, 2);
    assert_string_equal(plan.servers[0].name, "127.0.0.2");
    assert_int_equal(plan.servers[0].address.port, 3478);
    assert_int_equal(plan.servers[0].address.ip[3], 2);
    assert_int_equal(plan.servers[1].address.port, 99);
}

static void test_one_good_name_is_enough(void **state)
{
    (void)state;
    assert_int_equal(resolve(4, "::1", "127.0.0.1"), 0); /* the first is of the other family */
    assert_int_equal(plan.server_count, 1);
}

static void test_failures_name_the_server(void **state)
{
    (void)state;
    assert_int_equal(resolve(6, "127.0.0.1", NULL), -ENOENT);
    assert_non_null(strstr(message, "127.0.0.1"));
    assert_int_equal(resolve(4, "host:70000", NULL), -EINVAL);
    assert_non_null(strstr(message, "host:70000"));
    assert_int_equal(resolve(4, NULL, NULL), -ENOENT);
    assert_int_equal(plan.server_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_come_in_the_order_of_their_names),
        cmocka_unit_test(test_one_good_name_is_enough),
        cmocka_unit_test(test_failures_name_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
