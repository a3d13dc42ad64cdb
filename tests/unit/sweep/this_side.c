#include "sweep/this_side.h"

#include "base/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct address of(const char *text)
{
    struct address address;
    assert_int_equal(address_parse(text, &address), 0);
    return address;
}

static void only_what_the_router_hides_is_on_this_side(void **state)
{
    (void)state;
    static const struct {
        const char *from, *site, *server;
        bool here;
    } rows[] = {
        {"192.168.77.1", "203.0.113.2", "203.0.113.10", true},
        {"203.0.113.2", "203.0.113.2", "203.0.113.10", true},
        {"203.0.113.12", "203.0.113.2", "203.0.113.10", false},
        {"192.168.77.1", "192.168.77.2", "192.168.99.10", false}, /* the server may be any of these */
        {"2001:db8:77::1", "2001:db8:77::2", "2001:db8:113::10", true},
        {"2001:db8:78::1", "2001:db8:77::2", "2001:db8:113::10", false},
        {"fd00::1", "2001:db8:77::2", "2001:db8:113::10", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct address from = of(rows[i].from), site = of(rows[i].site), server = of(rows[i].server);
        assert_int_equal(this_side(&from, &site, &server), rows[i].here);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_the_router_hides_is_on_this_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
