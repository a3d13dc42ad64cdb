#include "database/host_list.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void no_host_is_one_attempt(void **state)
{
    (void)state;
    struct host_choice choice;
    assert_int_equal(host_list_count("dbname=natsweep"), 1);
    assert_int_equal(host_list_choose("dbname=natsweep", 0, &choice), 0);
    assert_string_equal(choice.host, "");
    assert_string_equal(choice.port, "");
}

static void takes_hosts_in_order(void **state)
{
    (void)state;
    const char *dsn = "host=db1,db2 port=5432,5433";
    struct host_choice choice;
    assert_int_equal(host_list_count(dsn), 2);
    assert_int_equal(host_list_choose(dsn, 1, &choice), 0);
    assert_string_equal(choice.host, "db2");
    assert_string_equal(choice.port, "5433");
}

static void one_port_serves_all_hosts(void **state)
{
    (void)state;
    struct host_choice choice;
    assert_int_equal(host_list_choose("postgresql://u@db1,db2,db3/natsweep?port=6000", 2, &choice), 0);
    assert_string_equal(choice.host, "db3");
    assert_string_equal(choice.port, "6000");
}

static void unparsable_is_told(void **state)
{
    (void)state;
    struct host_choice choice = {.host = "untouched"};
    assert_int_equal(host_list_count("host"), 1);
    assert_int_equal(host_list_choose("host", 0, &choice), -EINVAL);
    assert_string_equal(choice.host, "untouched");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_host_is_one_attempt),
        cmocka_unit_test(takes_hosts_in_order),
        cmocka_unit_test(one_port_serves_all_hosts),
        cmocka_unit_test(unparsable_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
