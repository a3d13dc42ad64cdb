#include "stun/turn_tcp.h"

#include "stun/attribute.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#define XOR_PEER_ADDRESS 0x0012
#define XOR_RELAYED_ADDRESS 0x0016
#define LIFETIME 0x000D

static const char user[] = "1700000000:pbx", password[] = "secret";
static const struct address mapped = {.family = 4, .port = 40000, .ip = {203, 0, 113, 2}};
static const struct address relayed = {.family = 4, .port = 50000, .ip = {203, 0, 113, 11}};
static const struct address peer = {.family = 4, .port = 5060, .ip = {203, 0, 113, 2}};

/* The server of this test: reads the client's next request and answers as it is told. */
struct server {
    struct turn_tcp *turn;
    uint64_t now_us;
    uint8_t request_bytes[TURN_MESSAGE_BYTES];
    struct stun_message request;
    struct stun_key key; /* once challenged */
    bool challenged;
};

static void next_request(struct server *server, uint16_t method)
{
    size_t len = turn_tcp_output(server->turn, server->now_us, server->request_bytes);
    assert_true(len > 0);
    assert_int_equal(stun_message_parse(server->request_bytes, len, &server->request), 0);
    assert_int_equal(server->request.message_class, STUN_REQUEST);
    assert_int_equal(server->request.method, method);
}

static bool feed(struct server *server, const uint8_t *bytes, size_t len, struct turn_event *event)
{
    bool has_event = false;
    for (size_t at = 0; at < len && !has_event;)
        at += turn_tcp_input(server->turn, server->now_us, bytes + at, len - at, &has_event, event);
    return has_event;
}

static void begin_answer(struct server *server, struct stun_writer *writer, uint8_t bytes[TURN_MESSAGE_BYTES],
                         enum stun_class message_class)
{
    stun_writer_begin(writer, bytes, TURN_MESSAGE_BYTES, message_class, (enum stun_method)server->request.method,
                      server->request.transaction_id);
}

static bool send_answer(struct server *server, struct stun_writer *writer, struct turn_event *event)
{
    if (server->challenged)
        stun_write_integrity(writer, server->key.bytes, server->key.len);
    int len = stun_writer_finish(writer);
    assert_true(len > 0);
    return feed(server, writer->bytes, (size_t)len, event);
}

static void challenge(struct server *server, uint16_t code, const char *nonce)
{
    uint8_t bytes[TURN_MESSAGE_BYTES];
    struct stun_writer writer;
    struct turn_event event;
    begin_answer(server, &writer, bytes, STUN_ERROR);
    stun_write_error_code(&writer, code, "who are you");
    stun_writer_attribute(&writer, STUN_REALM, "natsweep", 8);
    stun_writer_attribute(&writer, STUN_NONCE, nonce, strlen(nonce));
    struct stun_challenge told = {.realm_len = 8, .nonce_len = (uint16_t)strlen(nonce)};
    memcpy(told.realm, "natsweep", 8);
    server->challenged = false;
    assert_false(send_answer(server, &writer, &event));
    server->key = stun_key_long_term(user, &told, password);
    server->challenged = true;
}

static bool answer_success(struct server *server, struct turn_event *event)
{
    uint8_t bytes[TURN_MESSAGE_BYTES];
    static const uint8_t ten_minutes[4] = {0, 0, 600 >> 8, 600 & 0xff};
    struct stun_writer writer;
    begin_answer(server, &writer, bytes, STUN_SUCCESS);
    if (server->request.method == STUN_ALLOCATE) {
        stun_write_xor_address(&writer, XOR_RELAYED_ADDRESS, &relayed);
        stun_write_xor_address(&writer, STUN_XOR_MAPPED_ADDRESS, &mapped);
    }
    if (server->request.method != STUN_CONNECT)
        stun_writer_attribute(&writer, LIFETIME, ten_minutes, sizeof ten_minutes);
    return send_answer(server, &writer, event);
}

static bool answer_error(struct server *server, uint16_t code, struct turn_event *event)
{
    uint8_t bytes[TURN_MESSAGE_BYTES];
    struct stun_writer writer;
    begin_answer(server, &writer, bytes, STUN_ERROR);
    stun_write_error_code(&writer, code, "no");
    return send_answer(server, &writer, event);
}

static void allocate(struct server *server)
{
    struct turn_event event;
    next_request(server, STUN_ALLOCATE);
    challenge(server, 401, "nonce-1");
    next_request(server, STUN_ALLOCATE);
    assert_int_equal(stun_check_integrity(&server->request, server->key.bytes, server->key.len), 0);
    assert_true(answer_success(server, &event));
    assert_int_equal(event.kind, TURN_ALLOCATED);
    assert_true(address_equal(&event.address, &relayed));
    assert_true(address_equal(&event.mapped, &mapped));
}

static int start(void **state)
{
    static struct server server;
    memset(&server, 0, sizeof server);
    server.turn = turn_tcp_create(4, user, password, 7);
    *state = &server;
    return server.turn ? 0 : -1;
}

static int stop(void **state)
{
    struct server *server = *state;
    turn_tcp_destroy(server->turn);
    return 0;
}

static void connects_are_told_apart(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    assert_int_equal(turn_tcp_connect(server->turn, &peer, 1), -EBUSY);
    allocate(server);
    assert_int_equal(turn_tcp_connect(server->turn, &peer, 5060), 0);
    assert_int_equal(turn_tcp_connect(server->turn, &peer, 5061), 0);
    next_request(server, STUN_CONNECT);
    struct server first = *server;
    first.request.bytes = first.request_bytes;
    next_request(server, STUN_CONNECT);
    assert_true(answer_error(server, 447, &event));
    assert_int_equal(event.kind, TURN_CONNECT_FAILED);
    assert_int_equal(event.error_code, 447);
    assert_int_equal(event.token, 5061);
    assert_true(answer_success(&first, &event));
    assert_int_equal(event.kind, TURN_CONNECTED);
    assert_int_equal(event.token, 5060);
    assert_false(answer_success(&first, &event)); /* a second answer to one request says nothing */
}

static void the_stream_may_come_in_any_pieces(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    allocate(server);
    assert_int_equal(turn_tcp_connect(server->turn, &peer, 9), 0);
    next_request(server, STUN_CONNECT);
    uint8_t bytes[TURN_MESSAGE_BYTES];
    struct stun_writer writer;
    begin_answer(server, &writer, bytes, STUN_SUCCESS);
    stun_write_integrity(&writer, server->key.bytes, server->key.len);
    int len = stun_writer_finish(&writer);
    assert_true(len > 0);
    for (int i = 0; i < len - 1; i++)
        assert_false(feed(server, bytes + i, 1, &event));
    assert_true(feed(server, bytes + len - 1, 1, &event));
    assert_int_equal(event.kind, TURN_CONNECTED);
}

static void a_stale_nonce_is_renewed(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    allocate(server);
    assert_int_equal(turn_tcp_connect(server->turn, &peer, 9), 0);
    next_request(server, STUN_CONNECT);
    challenge(server, 438, "nonce-2");
    next_request(server, STUN_CONNECT);
    const uint8_t *nonce;
    size_t nonce_len;
    assert_int_equal(stun_attribute_find(&server->request, STUN_NONCE, &nonce, &nonce_len), 0);
    assert_memory_equal(nonce, "nonce-2", nonce_len);
    assert_true(answer_success(server, &event));
}

static void a_server_that_never_agrees_fails(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    next_request(server, STUN_ALLOCATE);
    for (int i = 0; i < 3; i++) {
        challenge(server, 401, "again");
        next_request(server, STUN_ALLOCATE);
    }
    server->challenged = false;
    assert_true(answer_error(server, 401, &event));
    assert_int_equal(event.kind, TURN_FAILED);
    assert_int_equal(event.error_code, 401);
    uint8_t bytes[TURN_MESSAGE_BYTES];
    assert_int_equal(turn_tcp_output(server->turn, server->now_us, bytes), 0);
}

static void an_unsigned_success_says_nothing(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    allocate(server);
    assert_int_equal(turn_tcp_connect(server->turn, &peer, 9), 0);
    next_request(server, STUN_CONNECT);
    server->challenged = false;
    assert_false(answer_success(server, &event));
    server->challenged = true;
    server->key.bytes[0] ^= 1;
    assert_false(answer_success(server, &event));
    server->key.bytes[0] ^= 1;
    assert_true(answer_success(server, &event));
}

static void the_allocation_is_refreshed_at_half_its_life(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    uint8_t bytes[TURN_MESSAGE_BYTES];
    allocate(server);
    assert_true(turn_tcp_wake_us(server->turn) == 300000000);
    assert_int_equal(turn_tcp_output(server->turn, 299999999, bytes), 0);
    server->now_us = 300000000;
    next_request(server, STUN_REFRESH);
    assert_false(answer_success(server, &event));
    assert_true(turn_tcp_wake_us(server->turn) == 600000000);
    server->now_us = 600000000;
    next_request(server, STUN_REFRESH);
    assert_true(answer_error(server, 437, &event));
    assert_int_equal(event.kind, TURN_FAILED);
}

static void a_refresh_may_be_asked_for_at_any_time(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    allocate(server);
    assert_false(turn_tcp_refreshing(server->turn));
    turn_tcp_refresh(server->turn);
    assert_true(turn_tcp_refreshing(server->turn));
    next_request(server, STUN_REFRESH);
    turn_tcp_refresh(server->turn); /* one at a time */
    assert_int_equal(turn_tcp_output(server->turn, server->now_us, server->request_bytes), 0);
    assert_false(answer_success(server, &event));
    assert_false(turn_tcp_refreshing(server->turn));
    assert_true(turn_tcp_wake_us(server->turn) == server->now_us + 300000000);
}

static void what_is_not_stun_fails(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    static const uint8_t http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    assert_true(feed(server, http, sizeof http - 1, &event));
    assert_int_equal(event.kind, TURN_FAILED);
    assert_int_equal(event.error_code, 0);
}

static void a_forgotten_connect_makes_room_and_no_event(void **state)
{
    struct server *server = *state;
    struct turn_event event;
    allocate(server);
    for (uint32_t i = 0; i < TURN_CONNECTS_MAX; i++)
        assert_int_equal(turn_tcp_connect(server->turn, &peer, i), 0);
    assert_int_equal(turn_tcp_connect(server->turn, &peer, 1000), -EBUSY);
    next_request(server, STUN_CONNECT);
    turn_tcp_forget(server->turn, 0);
    assert_false(answer_success(server, &event));
    assert_int_equal(turn_tcp_connect(server->turn, &peer, 1000), 0);
}

/* Nothing that comes from there can be known again, and nobody of the other family can be connected to. */
static void an_address_of_the_other_family_is_no_allocation(void **state)
{
    static const struct address v6 = {.family = 6, .port = 50000, .ip = {0x20, 0x01, 0x0d, 0xb8}};
    (void)state;
    for (int which = 0; which < 2; which++) {
        struct server server = {.turn = turn_tcp_create(4, "", "", 7)};
        struct turn_event event;
        struct stun_writer writer;
        uint8_t bytes[TURN_MESSAGE_BYTES];
        assert_non_null(server.turn);
        next_request(&server, STUN_ALLOCATE);
        begin_answer(&server, &writer, bytes, STUN_SUCCESS);
        stun_write_xor_address(&writer, XOR_RELAYED_ADDRESS, which == 0 ? &v6 : &relayed);
        stun_write_xor_address(&writer, STUN_XOR_MAPPED_ADDRESS, which == 1 ? &v6 : &mapped);
        assert_true(send_answer(&server, &writer, &event));
        assert_int_equal(event.kind, TURN_FAILED);
        assert_int_equal(event.error_code, 0);
        turn_tcp_destroy(server.turn);
    }
}

#define with_server(function) cmocka_unit_test_setup_teardown(function, start, stop)

/* Without the wish a server makes an IPv4 relay, or says 440. */
static void an_ipv6_relay_is_asked_for(void **state)
{
    (void)state;
    for (uint8_t family = 4; family <= 6; family += 2) {
        uint8_t bytes[TURN_MESSAGE_BYTES];
        struct stun_message message;
        const uint8_t *value;
        size_t len = 0;
        struct turn_tcp *turn = turn_tcp_create(family, "", "", 7);
        assert_non_null(turn);
        assert_int_equal(stun_message_parse(bytes, turn_tcp_output(turn, 0, bytes), &message), 0);
        int found = stun_attribute_find(&message, 0x0017, &value, &len);
        assert_int_equal(found == 0, family == 6);
        if (found == 0)
            assert_int_equal(value[0], 2);
        turn_tcp_destroy(turn);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_server(connects_are_told_apart),
        with_server(the_stream_may_come_in_any_pieces),
        with_server(a_stale_nonce_is_renewed),
        with_server(a_server_that_never_agrees_fails),
        with_server(an_unsigned_success_says_nothing),
        with_server(the_allocation_is_refreshed_at_half_its_life),
        with_server(a_refresh_may_be_asked_for_at_any_time),
        with_server(what_is_not_stun_fails),
        with_server(a_forgotten_connect_makes_room_and_no_event),
        cmocka_unit_test(an_ipv6_relay_is_asked_for),
        cmocka_unit_test(an_address_of_the_other_family_is_no_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
