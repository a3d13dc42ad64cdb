#include "proto/port_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void parse(const char *text, struct port_list *list)
{
    char message[PORT_LIST_MESSAGE_BYTES];
    if (port_list_parse(text, list, message))
        fail_msg("%s", message);
}

static void check_range(const struct port_range *range, int transport, int first, int last, int role)
{
    assert_int_equal(range->transport, transport);
    assert_int_equal(range->first, first);
    assert_int_equal(range->last, last);
    assert_int_equal(range->role, role);
}

static void example_of_the_contract(void **state)
{
    (void)state;
    struct port_list list;
    parse("5060/udp,5060-5061/tcp,9000-10999/udp", &list);
    assert_int_equal(list.count, 3);
    check_range(&list.ranges[0], TRANSPORT_UDP, 5060, 5060, ROLE_OTHER);
    check_range(&list.ranges[1], TRANSPORT_UDP, 9000, 10999, ROLE_OTHER);
    check_range(&list.ranges[2], TRANSPORT_TCP, 5060, 5061, ROLE_OTHER);
    assert_int_equal(port_list_size(&list), 2003);
}

static void profile(void **state)
{
    (void)state;
    struct port_list list;
    parse("@3cx", &list);
    assert_int_equal(port_list_size(&list), 2008);
    assert_true(port_list_contains(&list, TRANSPORT_UDP, 10999));
    assert_false(port_list_contains(&list, TRANSPORT_UDP, 11000));
    assert_false(port_list_contains(&list, TRANSPORT_TCP, 9000));
    unsigned alternatives = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct port_range *range = &list.ranges[i];
        assert_int_equal(range->expect, range->first == 5015 ? EXPECT_CLOSED : EXPECT_OPEN);
        alternatives += range->group != 0;
    }
    assert_int_equal(alternatives, 2); /* 443 or 5001 */
}

static void profile_decides_the_role_wherever_it_stands(void **state)
{
    (void)state;
    struct port_list before, after;
    parse("@3cx,5059-5062/udp", &before);
    parse("5059-5062/udp, @3cx", &after);
    assert_int_equal(before.count, after.count);
    assert_memory_equal(before.ranges, after.ranges, before.count * sizeof before.ranges[0]);
    check_range(&after.ranges[0], TRANSPORT_UDP, 5059, 5059, ROLE_OTHER);
    check_range(&after.ranges[1], TRANSPORT_UDP, 5060, 5060, ROLE_SIP);
    check_range(&after.ranges[2], TRANSPORT_UDP, 5061, 5062, ROLE_OTHER);
}

static void overlaps_and_neighbours_merge(void **state)
{
    (void)state;
    struct port_list list;
    parse("20-30/udp,10-25/udp,31/udp,5-100/udp,101-65535/udp,1-4/udp", &list);
    assert_int_equal(list.count, 1);
    check_range(&list.ranges[0], TRANSPORT_UDP, 1, 65535, ROLE_OTHER);
}

static void check_refused(const char *text, const char *part)
{
    struct port_list list = {.count = 77};
    char message[PORT_LIST_MESSAGE_BYTES] = "";
    assert_int_not_equal(port_list_parse(text, &list, message), 0);
    assert_int_equal(list.count, 77);
    if (!strstr(message, part))
        fail_msg("the message for \"%s\" does not name %s: %s", text, part, message);
}

static void bad_lists_are_refused_by_name(void **state)
{
    (void)state;
    check_refused("", "\"\"");
    check_refused("5060/udp,", "\"\"");
    check_refused("5060", "\"5060\"");
    check_refused("80/udp,5060/sctp,81/udp", "\"5060/sctp\"");
    check_refused("0/udp", "\"0/udp\"");
    check_refused("65536/udp", "\"65536/udp\"");
    check_refused("99999999999999999999/udp", "outside 1-65535");
    check_refused("10-/udp", "\"10-/udp\"");
    check_refused("20-10/udp", "backwards");
    check_refused("sip", "\"sip\"");
    check_refused("@asterisk", "\"@asterisk\"");
    check_refused("+5060/udp", "\"+5060/udp\"");
    check_refused("50\x1b"
                  "60/udp",
                  "\"50?60/udp\"");
    check_refused("5060/udpx", "\"5060/udpx\"");
}

static void too_many_ranges_are_refused(void **state)
{
    (void)state;
    static char text[64 * 1024];
    size_t len = 0;
    for (int port = 1; port <= 2 * PORT_RANGES_MAX + 1; port += 2)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%d/udp", len ? "," : "", port);
    check_refused(text, "1024 separate ranges");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_of_the_contract),
        cmocka_unit_test(profile),
        cmocka_unit_test(profile_decides_the_role_wherever_it_stands),
        cmocka_unit_test(overlaps_and_neighbours_merge),
        cmocka_unit_test(bad_lists_are_refused_by_name),
        cmocka_unit_test(too_many_ranges_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
