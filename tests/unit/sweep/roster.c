#include "sweep/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct port_list list = {.count = 3,
                                      .ranges = {{5060, 5060, TRANSPORT_UDP, ROLE_SIP, EXPECT_OPEN, 0},
                                                 {9000, 9009, TRANSPORT_UDP, ROLE_RTP, EXPECT_OPEN, 0},
                                                 {5060, 5061, TRANSPORT_TCP, ROLE_SIP, EXPECT_OPEN, 0}}};

static void numbers_and_finds_ports(void **state)
{
    (void)state;
    struct roster *roster = roster_create(&list, 1);
    uint16_t port = 0;
    assert_non_null(roster);
    assert_int_equal(roster_size(roster), 13);
    assert_int_equal(roster_udp_size(roster), 11);
    assert_int_equal(roster_range(roster, 0, &port)->role, ROLE_SIP);
    assert_int_equal(port, 5060);
    roster_range(roster, 10, &port);
    assert_int_equal(port, 9009);
    assert_int_equal(roster_range(roster, 12, &port)->transport, TRANSPORT_TCP);
    assert_int_equal(port, 5061);
    for (uint32_t index = 0; index < 11; index++) {
        roster_range(roster, index, &port);
        assert_int_equal(roster_find(roster, port), index);
    }
    assert_int_equal(roster_find(roster, 5061), ROSTER_NOBODY); /* TCP only */
    roster_destroy(roster);
}

static void gives_each_udp_port_once_and_what_was_put_back_first(void **state)
{
    (void)state;
    struct roster *roster = roster_create(&list, 1);
    uint32_t seen = 0;
    assert_non_null(roster);
    for (unsigned i = 0; i < 5; i++)
        seen |= 1u << roster_take(roster);
    roster_put_back(roster, 4);
    roster_put_back(roster, 7);
    assert_int_equal(roster_left(roster), 8);
    assert_int_equal(roster_take(roster), 4);
    assert_int_equal(roster_take(roster), 7);
    for (unsigned i = 0; i < 6; i++)
        seen |= 1u << roster_take(roster);
    assert_int_equal(seen, (1u << 11) - 1);
    assert_int_equal(roster_take(roster), ROSTER_NOBODY);
    roster_destroy(roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_finds_ports),
        cmocka_unit_test(gives_each_udp_port_once_and_what_was_put_back_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
