#include "dashboard/route.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void it_knows_its_addresses(void **state)
{
    (void)state;
    const struct route *route = NULL;
    assert_int_equal(route_find("GET", "/", &route), ROUTE_FOUND);
    assert_int_equal(route->kind, ROUTE_PAGE);
    assert_int_equal(route_find("HEAD", "/site", &route), ROUTE_FOUND);
    assert_int_equal(route_find("GET", "/api/sites", &route), ROUTE_FOUND);
    assert_int_equal(route->kind, ROUTE_READ);
    assert_non_null(strstr(route->sql, "$1"));
    assert_int_equal(route_find("POST", "/api/sweep", &route), ROUTE_FOUND);
    assert_int_equal(route->kind, ROUTE_CHANGE);
}

static void one_address_takes_several_methods(void **state)
{
    (void)state;
    const struct route *read = NULL, *change = NULL;
    assert_int_equal(route_find("GET", "/api/request", &read), ROUTE_FOUND);
    assert_int_equal(route_find("POST", "/api/request", &change), ROUTE_FOUND);
    assert_int_equal(read->kind, ROUTE_READ);
    assert_int_equal(change->kind, ROUTE_CHANGE);
    assert_int_equal(route_find("DELETE", "/api/request", &read), ROUTE_OTHER_METHOD);
    assert_int_equal(route_find("POST", "/", &read), ROUTE_OTHER_METHOD);
}

static void it_takes_nothing_else(void **state)
{
    (void)state;
    static const char *const paths[] = {"",        "//", "/api", "/api/", "/api/sites/", "/API/sites", "/../etc/passwd",
                                        "/sites?x"};
    const struct route *route = NULL;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        assert_int_equal(route_find("GET", paths[i], &route), ROUTE_UNKNOWN);
    assert_null(route);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_knows_its_addresses),
        cmocka_unit_test(one_address_takes_several_methods),
        cmocka_unit_test(it_takes_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
