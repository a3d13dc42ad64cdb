#include "dashboard/form.h"

#include <errno.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int value_of(const char *body, const char *name, char *value, size_t capacity)
{
    return form_value(body, strlen(body), name, value, capacity);
}

static void it_decodes_fields(void **state)
{
    (void)state;
    char value[16];
    assert_int_equal(value_of("role=olga&password=a+b%26c%3D%C3%BC", "password", value, sizeof(value)), 0);
    assert_string_equal(value, "a b&c=\xC3\xBC");
    assert_int_equal(value_of("role=olga&password=x", "role", value, sizeof(value)), 0);
    assert_string_equal(value, "olga");
    assert_int_equal(value_of("role=&x=1", "role", value, sizeof(value)), 0);
    assert_string_equal(value, "");
    assert_int_equal(value_of("role=a&role=b", "role", value, sizeof(value)), 0);
    assert_string_equal(value, "a");
}

static void it_finds_whole_names_only(void **state)
{
    (void)state;
    char value[16] = "before";
    assert_int_equal(value_of("roles=x&xrole=y&role", "role", value, sizeof(value)), -ENOENT);
    assert_string_equal(value, "");
    assert_int_equal(value_of("", "role", value, sizeof(value)), -ENOENT);
    assert_int_equal(value_of("&&&", "role", value, sizeof(value)), -ENOENT);
}

static void it_refuses_what_is_broken(void **state)
{
    (void)state;
    static const char *const bodies[] = {"role=%", "role=%4", "role=%g1", "role=%1g", "role=a%00b", "role=%4&x=1"};
    char value[16];
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        assert_int_equal(value_of(bodies[i], "role", value, sizeof(value)), -EINVAL);
        assert_string_equal(value, "");
    }
    assert_int_equal(form_value("role=a\0b", 8, "role", value, sizeof(value)), -EINVAL);
}

static void it_never_cuts(void **state)
{
    (void)state;
    char value[4];
    assert_int_equal(value_of("role=abc", "role", value, sizeof(value)), 0);
    assert_int_equal(value_of("role=abcd", "role", value, sizeof(value)), -ENOSPC);
    assert_string_equal(value, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_decodes_fields),
        cmocka_unit_test(it_finds_whole_names_only),
        cmocka_unit_test(it_refuses_what_is_broken),
        cmocka_unit_test(it_never_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
