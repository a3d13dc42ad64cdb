#include "sweep/response.h"

#include "stun/attribute.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define PORT 9000u
#define OTHER_PORT 9001u

static const struct address first = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}};
static const struct address second = {.family = 4, .port = 3479, .ip = {203, 0, 113, 11}};
static const struct address client = {.family = 4, .port = PORT, .ip = {198, 51, 100, 2}};
static const struct request plain = {.endpoint = PORT, .listener = PORT, .to = first, .source = first};
static const struct request changed = {
    .endpoint = PORT, .listener = PORT, .to = first, .source = second, .change = STUN_CHANGE_IP | STUN_CHANGE_PORT};

/* A response under construction. */
struct draft {
    uint8_t bytes[256];
    struct stun_writer writer;
    struct stun_message message;
};

static void begin(struct draft *draft)
{
    static const uint8_t id[STUN_TRANSACTION_ID_BYTES] = {1, 2, 3};
    stun_writer_begin(&draft->writer, draft->bytes, sizeof(draft->bytes), STUN_SUCCESS, STUN_BINDING, id);
}

static const struct stun_message *finish(struct draft *draft)
{
    int len = stun_writer_finish(&draft->writer);
    assert_true(len > 0);
    assert_int_equal(stun_message_parse(draft->bytes, (size_t)len, &draft->message), 0);
    return &draft->message;
}

static void a_success_proves_what_its_source_and_its_way_say(void **state)
{
    (void)state;
    static const struct request by_other_port = {
        .endpoint = PORT, .listener = OTHER_PORT, .to = first, .source = first, .response_port = OTHER_PORT};
    struct draft draft;
    begin(&draft);
    const struct stun_message *message = finish(&draft);
    assert_int_equal(response_outcome(&plain, PORT, &first, message), TEST_ANSWERED);
    assert_int_equal(response_outcome(&plain, PORT, &second, message), TEST_NOT_MADE);
    assert_int_equal(response_outcome(&changed, PORT, &second, message), TEST_ANSWERED);
    assert_int_equal(response_outcome(&changed, PORT, &first, message), TEST_WRONG_SOURCE);
    assert_int_equal(response_outcome(&by_other_port, OTHER_PORT, &first, message), TEST_ANSWERED);
    assert_int_equal(response_outcome(&by_other_port, PORT, &first, message), TEST_WRONG_PORT);
}

/* A NAT on the server's side can give a packet the source that was asked for; RESPONSE-ORIGIN tells. */
static void an_origin_that_contradicts_the_source_is_believed(void **state)
{
    (void)state;
    struct draft draft;
    begin(&draft);
    stun_write_address(&draft.writer, STUN_RESPONSE_ORIGIN, &first);
    assert_int_equal(response_outcome(&changed, PORT, &second, finish(&draft)), TEST_WRONG_SOURCE);
}

static void only_the_servers_addresses_and_the_requests_endpoints_count(void **state)
{
    (void)state;
    assert_true(response_from_server(&changed, &first));
    assert_true(response_from_server(&changed, &second));
    assert_false(response_from_server(&plain, &second));
    assert_true(response_arrived(&plain, PORT));
    assert_false(response_arrived(&plain, OTHER_PORT));
}

static void an_address_that_was_rewritten_on_the_way_is_noticed(void **state)
{
    (void)state;
    struct draft draft;
    struct answer answer = {.rewritten = TRI_UNKNOWN};
    begin(&draft);
    stun_write_address(&draft.writer, STUN_MAPPED_ADDRESS, &second);
    stun_write_xor_address(&draft.writer, STUN_XOR_MAPPED_ADDRESS, &client);
    stun_write_address(&draft.writer, STUN_OTHER_ADDRESS, &second);
    assert_int_equal(response_read(&plain, &first, finish(&draft), &answer), 0);
    assert_true(address_equal(&answer.mapped, &client));
    assert_true(address_equal(&answer.other, &second));
    assert_true(address_equal(&answer.from, &first));
    assert_int_equal(answer.rewritten, TRI_YES);
}

static void an_old_servers_plain_address_is_taken(void **state)
{
    (void)state;
    struct draft draft;
    struct answer answer = {.rewritten = TRI_UNKNOWN};
    begin(&draft);
    stun_write_address(&draft.writer, STUN_MAPPED_ADDRESS, &client);
    stun_write_address(&draft.writer, STUN_CHANGED_ADDRESS, &second);
    assert_int_equal(response_read(&plain, &first, finish(&draft), &answer), 0);
    assert_true(address_equal(&answer.mapped, &client));
    assert_true(address_equal(&answer.other, &second));
    assert_int_equal(answer.rewritten, TRI_UNKNOWN);
}

static void what_no_client_can_have_leaves_the_answer_alone(void **state)
{
    (void)state;
    static const struct address impossible[] = {{.family = 6, .port = PORT, .ip = {0x20, 1}},
                                                {.family = 4, .port = 0, .ip = {198, 51, 100, 2}},
                                                {.family = 4, .port = PORT}};
    for (size_t i = 0; i < ARRAY_LEN(impossible); i++) {
        struct draft draft;
        struct answer answer = {.rtt_us = 7};
        begin(&draft);
        stun_write_xor_address(&draft.writer, STUN_XOR_MAPPED_ADDRESS, &impossible[i]);
        assert_int_equal(response_read(&plain, &first, finish(&draft), &answer), -EBADMSG);
        assert_int_equal(answer.mapped.family, 0);
        assert_int_equal(answer.rtt_us, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_success_proves_what_its_source_and_its_way_say),
        cmocka_unit_test(an_origin_that_contradicts_the_source_is_believed),
        cmocka_unit_test(only_the_servers_addresses_and_the_requests_endpoints_count),
        cmocka_unit_test(an_address_that_was_rewritten_on_the_way_is_noticed),
        cmocka_unit_test(an_old_servers_plain_address_is_taken),
        cmocka_unit_test(what_no_client_can_have_leaves_the_answer_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
