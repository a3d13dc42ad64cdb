#include "sweep/qualification.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct address server = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}};
static const struct address other = {.family = 4, .port = 3479, .ip = {203, 0, 113, 11}};

static void begin(struct qualification *qualification)
{
    qualification_begin(qualification, &server);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        qualification->endpoints[role] = SWEEP_EPHEMERAL + role;
        qualification->locals[role] =
            (struct address){.family = 4, .port = (uint16_t)(40000 + role), .ip = {192, 168, 77, 2}};
    }
}

static struct answer answered(uint16_t mapped_port)
{
    return (struct answer){.outcome = TEST_ANSWERED,
                           .mapped = {.family = 4, .port = mapped_port, .ip = {198, 51, 100, 2}},
                           .other = other};
}

/* Asks everything that may be asked; `outcomes` answers each, TEST_ANSWERED with port 50000 + probe. */
static uint32_t ask_all(struct qualification *qualification, const enum test_outcome outcomes[PROBE_COUNT])
{
    enum probe probe;
    uint32_t asked = 0;
    while (qualification_next(qualification, &probe)) {
        struct answer answer = answered((uint16_t)(50000 + probe));
        answer.outcome = outcomes[probe];
        qualification_answered(qualification, probe, &answer);
        asked |= 1u << probe;
    }
    return asked;
}

static void nothing_is_asked_before_the_server_answers(void **state)
{
    (void)state;
    struct qualification qualification;
    enum test_outcome outcomes[PROBE_COUNT];
    for (unsigned probe = 0; probe < PROBE_COUNT; probe++)
        outcomes[probe] = TEST_SILENT;
    begin(&qualification);
    assert_int_equal(ask_all(&qualification, outcomes), 1u << PROBE_BASIC);
    assert_false(qualification_answers(&qualification));
    assert_true(qualification_round_over(&qualification));
    assert_true(qualification_over(&qualification));
}

static void a_good_server_is_proven(void **state)
{
    (void)state;
    struct qualification qualification;
    enum test_outcome outcomes[PROBE_COUNT];
    for (unsigned probe = 0; probe < PROBE_COUNT; probe++)
        outcomes[probe] = TEST_ANSWERED;
    outcomes[PROBE_FILTER_BOTH] = outcomes[PROBE_FILTER_PORT] = TEST_SILENT;
    begin(&qualification);
    uint32_t asked = ask_all(&qualification, outcomes);
    assert_int_equal(asked & ~(1u << PROBE_MAPPED),
                     (1u << PROBE_FILTER_PORT) - 1); /* what follows must wait, or is for hosts without NAT */
    assert_true(qualification_over(&qualification));
    assert_int_equal(qualification.second, TRI_YES);
    assert_int_equal(qualification.response_port, TRI_YES);
    assert_true(qualification.round_proven);
}

/* The other port of the first address may be the only stranger that a router lets in, so it is not spent at once. */
static void what_must_wait_is_asked_when_it_may(void **state)
{
    (void)state;
    struct qualification qualification;
    enum test_outcome outcomes[PROBE_COUNT];
    for (unsigned probe = 0; probe < PROBE_COUNT; probe++)
        outcomes[probe] = TEST_ANSWERED;
    outcomes[PROBE_FILTER_BOTH] = outcomes[PROBE_GUEST_PORT] = TEST_SILENT;
    begin(&qualification);
    ask_all(&qualification, outcomes);
    qualification_release(&qualification, PROBE_FILTER_PORT);
    assert_false(qualification_over(&qualification));
    assert_int_equal(ask_all(&qualification, outcomes),
                     1u << PROBE_FILTER_PORT | 1u << PROBE_GUEST | 1u << PROBE_GUEST_PORT);
    assert_true(qualification_over(&qualification));
    assert_true(qualification.lets_in_port && qualification.guest_refused && !qualification.lets_in_second);
    qualification_release(&qualification, PROBE_PORT);
    assert_int_equal(ask_all(&qualification, outcomes), 1u << PROBE_PORT | 1u << PROBE_PORT_ASKED);
}

static void silence_of_the_second_address_disproves_nothing(void **state)
{
    (void)state;
    struct qualification qualification;
    enum test_outcome outcomes[PROBE_COUNT];
    for (unsigned probe = 0; probe < PROBE_COUNT; probe++)
        outcomes[probe] = TEST_SILENT;
    outcomes[PROBE_BASIC] = outcomes[PROBE_CONSENT] = outcomes[PROBE_MAP_PRIMARY] = TEST_ANSWERED;
    begin(&qualification);
    ask_all(&qualification, outcomes);
    assert_int_equal(qualification.second, TRI_UNKNOWN);
    assert_false(qualification.second_heard);
    qualification_learn_t2(&qualification, TEST_ANSWERED, 0); /* any port's Test 2 proves it after all */
    assert_int_equal(qualification.second, TRI_YES);
}

static void an_answer_from_the_first_address_disproves(void **state)
{
    (void)state;
    struct qualification qualification;
    begin(&qualification);
    qualification_announced(&qualification, &other);
    qualification_learn_t2(&qualification, TEST_WRONG_SOURCE, 0);
    assert_int_equal(qualification.second, TRI_NO);
    assert_int_equal(qualification.fault, SECOND_IGNORED);
}

static void an_announced_address_must_be_another_public_ip(void **state)
{
    (void)state;
    static const struct {
        struct address other;
        enum second_fault fault;
    } rows[] = {
        {{.family = 0}, SECOND_NOT_ANNOUNCED},
        {{.family = 4, .port = 0, .ip = {203, 0, 113, 11}}, SECOND_NOT_ANNOUNCED},
        {{.family = 4, .port = 3479}, SECOND_NOT_ANNOUNCED},
        {{.family = 4, .port = 3479, .ip = {203, 0, 113, 10}}, SECOND_SAME_IP},
        {{.family = 4, .port = 3479, .ip = {10, 0, 0, 11}}, SECOND_PRIVATE},
        {{.family = 4, .port = 3479, .ip = {203, 0, 113, 11}}, SECOND_FINE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct qualification qualification;
        begin(&qualification);
        qualification_announced(&qualification, &rows[i].other);
        assert_int_equal(qualification.fault, rows[i].fault);
        assert_int_equal(qualification.second, rows[i].fault == SECOND_FINE ? TRI_UNKNOWN : TRI_NO);
    }
}

/* Test 2 would come from where Test 3's packet left its mark in the router. */
static void without_a_second_port_there_is_no_test_3(void **state)
{
    (void)state;
    struct qualification qualification;
    struct address same_port = other;
    same_port.port = server.port;
    begin(&qualification);
    qualification_announced(&qualification, &same_port);
    assert_int_equal(qualification.response_port, TRI_NO);
    assert_int_equal(qualification.second, TRI_UNKNOWN);
}

/* Its answer is sent to the mapping that the subject made towards exactly that address, so that it comes in behind any
 * NAT. */
static void the_proof_of_test_3_goes_through_the_subjects_own_mapping(void **state)
{
    (void)state;
    struct qualification qualification;
    struct request request;
    struct answer answer = answered(51234);
    begin(&qualification);
    qualification_announced(&qualification, &other);
    qualification_answered(&qualification, PROBE_MAP_OTHER_IP, &answer);
    qualification_request(&qualification, PROBE_CHANGE_IP_SENT, &request);
    assert_int_equal(request.response_port, 51234);
    assert_int_equal(request.endpoint, SWEEP_EPHEMERAL + ROLE_CONTROL);
    assert_int_equal(request.listener, SWEEP_EPHEMERAL + ROLE_SUBJECT);
    assert_int_equal(request.source.port, server.port);
    assert_true(address_same_ip(&request.source, &other));
}

static void filter_probes_never_go_to_the_second_address(void **state)
{
    (void)state;
    struct qualification qualification;
    begin(&qualification);
    qualification_announced(&qualification, &other);
    for (enum probe probe = PROBE_FILTER_BOTH; probe <= PROBE_FILTER_PORT; probe++) {
        struct request request;
        qualification_request(&qualification, probe, &request);
        assert_true(address_equal(&request.to, &server));
        assert_int_equal(request.endpoint, SWEEP_EPHEMERAL + ROLE_FILTER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_asked_before_the_server_answers),
        cmocka_unit_test(a_good_server_is_proven),
        cmocka_unit_test(what_must_wait_is_asked_when_it_may),
        cmocka_unit_test(silence_of_the_second_address_disproves_nothing),
        cmocka_unit_test(an_answer_from_the_first_address_disproves),
        cmocka_unit_test(an_announced_address_must_be_another_public_ip),
        cmocka_unit_test(without_a_second_port_there_is_no_test_3),
        cmocka_unit_test(the_proof_of_test_3_goes_through_the_subjects_own_mapping),
        cmocka_unit_test(filter_probes_never_go_to_the_second_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
