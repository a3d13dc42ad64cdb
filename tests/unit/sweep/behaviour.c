#include "sweep/behaviour.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct address at(uint8_t last, uint16_t port)
{
    return (struct address){.family = 4, .port = port, .ip = {198, 51, 100, last}};
}

/* What the probes see behind a NAT: the mapped ports towards A1:P1, A2:P1 and A2:P2. */
static struct qualification seen(uint16_t primary, uint16_t other_ip, uint16_t other)
{
    struct qualification seen = {.second = TRI_YES, .filter_proven = true};
    const uint16_t ports[] = {primary, other_ip, other};
    for (unsigned i = 0; i < 3; i++) {
        struct probe_record *record = &seen.records[PROBE_MAP_PRIMARY + i];
        record->outcome = ports[i] == 0 ? TEST_SILENT : TEST_ANSWERED;
        record->mapped = at(2, ports[i]);
    }
    seen.records[PROBE_BASIC].outcome = TEST_ANSWERED;
    seen.records[PROBE_BASIC].mapped = at(2, 40000);
    seen.locals[ROLE_CONTROL] = (struct address){.family = 4, .port = 40000, .ip = {10, 0, 0, 2}};
    seen.locals[ROLE_SUBJECT] = (struct address){.family = 4, .port = 40001, .ip = {10, 0, 0, 2}};
    seen.records[PROBE_FILTER_BOTH].outcome = TEST_SILENT;
    seen.records[PROBE_FILTER_PORT].outcome = TEST_SILENT;
    return seen;
}

static void mapping_follows_the_mapped_ports(void **state)
{
    (void)state;
    static const struct {
        uint16_t primary, other_ip, other;
        enum behaviour mapping;
    } cases[] = {
        {40001, 40001, 40001, BEHAVIOUR_ENDPOINT_INDEPENDENT},
        {40001, 50000, 50000, BEHAVIOUR_ADDRESS_DEPENDENT},
        {40001, 50000, 50001, BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT},
        {40001, 40001, 50001, BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT},
        {40001, 0, 40001, BEHAVIOUR_ENDPOINT_INDEPENDENT},
        {40001, 0, 0, BEHAVIOUR_UNKNOWN},
        {0, 40001, 40001, BEHAVIOUR_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct qualification qualification = seen(cases[i].primary, cases[i].other_ip, cases[i].other);
        assert_int_equal(behaviour_of(&qualification).mapping, cases[i].mapping);
    }
}

static void class_follows_mapping_and_filtering(void **state)
{
    (void)state;
    struct qualification qualification = seen(40001, 40001, 40001);
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_PORT_RESTRICTED_CONE);
    assert_int_equal(behaviour_of(&qualification).port_preservation, TRI_YES);
    qualification.lets_in_port = true; /* which a full cone does, too */
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_UNKNOWN);
    qualification.records[PROBE_GUEST_PORT].outcome = TEST_ANSWERED; /* nobody bans the second address */
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_RESTRICTED_CONE);
    qualification.records[PROBE_GUEST_PORT].outcome = TEST_SILENT;
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_UNKNOWN);
    qualification.lets_in_second = true;
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_FULL_CONE);
    qualification = seen(40001, 50000, 50001);
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_SYMMETRIC);
}

static void no_nat_is_its_own_class(void **state)
{
    (void)state;
    struct qualification qualification = seen(40001, 40001, 40001);
    qualification.locals[ROLE_SUBJECT] = at(2, 40001);
    assert_int_equal(behaviour_of(&qualification).mapping, BEHAVIOUR_NONE);
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_SYMMETRIC_FIREWALL);
    qualification.lets_in_second = true;
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_OPEN_INTERNET);
}

/* A port that was tested may have left its marks in the router, and then stood in for an ephemeral one. */
static void a_stand_in_tells_no_mapping_that_differs(void **state)
{
    (void)state;
    struct qualification qualification = seen(40001, 50000, 50001);
    qualification.stand_in = STAND_IN_TESTED;
    assert_int_equal(behaviour_of(&qualification).mapping, BEHAVIOUR_UNKNOWN);
    qualification = seen(40001, 40001, 40001);
    qualification.stand_in = STAND_IN_TESTED;
    assert_int_equal(behaviour_of(&qualification).mapping, BEHAVIOUR_ENDPOINT_INDEPENDENT);
}

/* The silence of a server whose second address is not proven is no filter. */
static void filtering_is_unknown_while_the_server_is_unproven(void **state)
{
    (void)state;
    struct qualification qualification = seen(40001, 40001, 40001);
    qualification.second = TRI_UNKNOWN;
    assert_int_equal(behaviour_of(&qualification).filtering, BEHAVIOUR_UNKNOWN);
    assert_int_equal(behaviour_of(&qualification).nat_class, NAT_CLASS_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mapping_follows_the_mapped_ports),
        cmocka_unit_test(class_follows_mapping_and_filtering),
        cmocka_unit_test(no_nat_is_its_own_class),
        cmocka_unit_test(a_stand_in_tells_no_mapping_that_differs),
        cmocka_unit_test(filtering_is_unknown_while_the_server_is_unproven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
