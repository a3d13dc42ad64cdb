#include "sweep/courier.h"
#include "stun/attribute.h"
#include "stun/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define CAPACITY 4
#define PORT 9000u

static const struct address first = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}};
static const struct address second = {.family = 4, .port = 3479, .ip = {203, 0, 113, 11}};

struct bench {
    struct plan plan;
    struct courier *courier;
    uint64_t now_us;
    struct sweep_action action;
};

static void set_up(struct bench *bench)
{
    memset(bench, 0, sizeof(*bench));
    bench->plan.seed = 9;
    bench->now_us = 1000000;
    bench->courier = courier_create(&bench->plan, CAPACITY);
    assert_non_null(bench->courier);
}

static void ask(struct bench *bench, uint32_t number, const struct address *source, uint32_t change)
{
    struct request request = {
        .endpoint = PORT, .listener = PORT, .identity = number, .to = first, .source = *source, .change = change};
    courier_ask(bench->courier, number, &request);
}

/* Waits until the courier sends; false when it gives up instead. */
static bool send_next(struct bench *bench)
{
    while (!courier_next(bench->courier, bench->now_us, &bench->action)) {
        if (courier_has_finished(bench->courier) || bench->action.wake_us == UINT64_MAX)
            return false;
        bench->now_us = bench->action.wake_us;
    }
    return true;
}

/* What a server answers to `packet`; `extra` is an empty attribute that it adds, 0 = none. */
static void answer_with(struct bench *bench, const uint8_t *packet, const struct address *from, struct address mapped,
                        uint16_t extra)
{
    struct stun_message request;
    uint8_t bytes[128];
    struct stun_writer writer;
    assert_int_equal(stun_message_parse(packet, bench->action.len, &request), 0);
    stun_writer_begin(&writer, bytes, sizeof(bytes), STUN_SUCCESS, STUN_BINDING, request.transaction_id);
    stun_write_xor_address(&writer, STUN_XOR_MAPPED_ADDRESS, &mapped);
    if (extra != 0)
        stun_writer_attribute(&writer, extra, "", 0);
    int len = stun_writer_finish(&writer);
    assert_true(len > 0);
    courier_received(bench->courier, bench->now_us, PORT, COURIER_NOBODY, from, bytes, (size_t)len);
}

static void answer_packet(struct bench *bench, const uint8_t *packet, const struct address *from)
{
    answer_with(bench, packet, from, (struct address){.family = 4, .port = PORT, .ip = {198, 51, 100, 2}}, 0);
}

static struct answer collect(struct bench *bench, uint32_t expected)
{
    uint32_t number = COURIER_NOBODY;
    struct answer answer = {.outcome = TEST_NOT_MADE};
    assert_true(courier_collect(bench->courier, &number, &answer));
    assert_int_equal(number, expected);
    return answer;
}

static void an_answer_ends_the_exchange(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    ask(&bench, 2, &first, 0);
    assert_true(send_next(&bench));
    assert_true(address_equal(&bench.action.to, &first));
    bench.now_us += 7000;
    answer_packet(&bench, bench.action.packet, &first);
    struct answer answer = collect(&bench, 2);
    assert_int_equal(answer.outcome, TEST_ANSWERED);
    assert_int_equal(answer.rtt_us, 7000);
    assert_int_equal(answer.mapped.port, PORT);
    answer_packet(&bench, bench.action.packet, &first); /* doubled on the way */
    assert_false(courier_has_finished(bench.courier));
    courier_destroy(bench.courier);
}

static void silence_is_told_after_the_sends_and_a_last_wait(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    ask(&bench, 0, &first, 0);
    unsigned sends = 0;
    while (send_next(&bench))
        sends++;
    struct answer answer = collect(&bench, 0);
    assert_int_equal(answer.outcome, TEST_SILENT);
    assert_int_equal(answer.sends, sends);
    assert_int_equal(sends, LOSS_SENDS_FEW);
    courier_destroy(bench.courier);
}

/* Each send is a transaction of its own, so the RTT is known also when the first was answered late. */
static void a_late_answer_is_matched_with_its_send(void **state)
{
    (void)state;
    struct bench bench;
    uint8_t packet[SWEEP_PACKET_BYTES];
    set_up(&bench);
    ask(&bench, 0, &first, 0);
    assert_true(send_next(&bench));
    uint64_t sent_us = bench.now_us;
    memcpy(packet, bench.action.packet, bench.action.len);
    assert_true(send_next(&bench));
    bench.now_us += 1000;
    answer_packet(&bench, packet, &first);
    struct answer answer = collect(&bench, 0);
    assert_int_equal(answer.rtt_us, bench.now_us - sent_us);
    assert_int_equal(answer.sends, 2);
    assert_int_equal(courier_loss(bench.courier).lost, 0);
    courier_destroy(bench.courier);
}

static void only_the_asked_source_answers(void **state)
{
    (void)state;
    struct bench bench;
    struct address stranger = {.family = 4, .port = 3478, .ip = {192, 0, 2, 1}};
    set_up(&bench);
    ask(&bench, 0, &second, STUN_CHANGE_IP | STUN_CHANGE_PORT);
    assert_true(send_next(&bench));
    answer_packet(&bench, bench.action.packet, &stranger);
    assert_false(courier_has_finished(bench.courier));
    answer_packet(&bench, bench.action.packet, &first); /* CHANGE-REQUEST was ignored */
    assert_int_equal(collect(&bench, 0).outcome, TEST_WRONG_SOURCE);
    ask(&bench, 1, &second, STUN_CHANGE_IP | STUN_CHANGE_PORT);
    assert_true(send_next(&bench));
    answer_packet(&bench, bench.action.packet, &second);
    assert_int_equal(collect(&bench, 1).outcome, TEST_ANSWERED);
    courier_destroy(bench.courier);
}

/* Nobody else knows the id of what the server was asked to send; of what it answers straight it is the source. */
static void a_rewritten_source_is_told_unless_the_true_one_follows(void **state)
{
    (void)state;
    struct bench bench;
    struct address router = {.family = 4, .port = 3479, .ip = {192, 168, 77, 1}};
    set_up(&bench);
    ask(&bench, 0, &second, STUN_CHANGE_IP | STUN_CHANGE_PORT);
    while (send_next(&bench))
        answer_packet(&bench, bench.action.packet, &router);
    struct answer answer = collect(&bench, 0);
    assert_int_equal(answer.outcome, TEST_REWRITTEN);
    assert_true(address_equal(&answer.from, &router));
    ask(&bench, 1, &second, STUN_CHANGE_IP | STUN_CHANGE_PORT);
    assert_true(send_next(&bench));
    answer_packet(&bench, bench.action.packet, &router);
    answer_packet(&bench, bench.action.packet, &second);
    assert_int_equal(collect(&bench, 1).outcome, TEST_ANSWERED);
    ask(&bench, 2, &first, 0);
    while (send_next(&bench))
        answer_packet(&bench, bench.action.packet, &router);
    assert_int_equal(collect(&bench, 2).outcome, TEST_SILENT);
    courier_destroy(bench.courier);
}

static void an_answer_from_elsewhere_on_the_internet_is_not_the_router_s(void **state)
{
    (void)state;
    struct bench bench;
    struct address third = {.family = 4, .port = 3479, .ip = {203, 0, 113, 12}};
    set_up(&bench);
    ask(&bench, 0, &second, STUN_CHANGE_IP | STUN_CHANGE_PORT);
    while (send_next(&bench))
        answer_packet(&bench, bench.action.packet, &third);
    assert_int_equal(collect(&bench, 0).outcome, TEST_ELSEWHERE);
    courier_destroy(bench.courier);
}

static void garbage_is_malformed_unless_a_good_answer_follows(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    ask(&bench, 0, &first, 0);
    assert_true(send_next(&bench));
    courier_received(bench.courier, bench.now_us, PORT, 0, &first, (const uint8_t *)"garbage", 7);
    while (send_next(&bench))
        continue;
    assert_int_equal(collect(&bench, 0).outcome, TEST_MALFORMED);
    ask(&bench, 1, &first, 0);
    assert_true(send_next(&bench));
    courier_received(bench.courier, bench.now_us, PORT, 1, &first, (const uint8_t *)"garbage", 7);
    answer_packet(&bench, bench.action.packet, &first);
    assert_int_equal(collect(&bench, 1).outcome, TEST_ANSWERED);
    courier_destroy(bench.courier);
}

static void two_icmp_errors_refuse(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    ask(&bench, 0, &first, 0);
    assert_true(send_next(&bench));
    courier_icmp(bench.courier, bench.now_us, 0, &second, SWEEP_ICMP_NO_ROUTE); /* about another packet */
    courier_icmp(bench.courier, bench.now_us, 0, &first, SWEEP_ICMP_NO_ROUTE);
    assert_false(courier_has_finished(bench.courier));
    assert_true(send_next(&bench));
    courier_icmp(bench.courier, bench.now_us, 0, &first, SWEEP_ICMP_NO_ROUTE);
    struct answer answer = collect(&bench, 0);
    assert_int_equal(answer.outcome, TEST_REFUSED);
    assert_int_equal(answer.reason, REASON_NO_ROUTE);
    courier_destroy(bench.courier);
}

static void urgent_requests_go_first(void **state)
{
    (void)state;
    struct bench bench;
    struct request urgent = {.endpoint = SWEEP_EPHEMERAL,
                             .listener = SWEEP_EPHEMERAL,
                             .identity = 1,
                             .to = first,
                             .source = first,
                             .urgent = true};
    set_up(&bench);
    ask(&bench, 0, &first, 0);
    courier_ask(bench.courier, 1, &urgent);
    assert_true(send_next(&bench));
    assert_int_equal(bench.action.endpoint, SWEEP_EPHEMERAL);
    courier_destroy(bench.courier);
}

static void a_silent_server_is_left_alone(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    unsigned sends = 0;
    for (unsigned round = 0; round < 10; round++) {
        for (uint32_t number = 0; number < CAPACITY; number++) {
            courier_drop(bench.courier, number);
            ask(&bench, number, &first, 0);
        }
        while (send_next(&bench))
            sends++;
    }
    assert_int_equal(sends, CONSENT_PACKETS_MAX);
    courier_destroy(bench.courier);
}

/* What no client can have, or must not be understood without knowing all of it, is no answer (RFC 8489 6.3.3). */
static void an_impossible_answer_is_malformed(void **state)
{
    (void)state;
    static const struct {
        struct address mapped;
        uint16_t extra;
    } rows[] = {{{.family = 6, .port = PORT, .ip = {0x20, 1}}, 0},
                {{.family = 4, .port = 0, .ip = {198, 51, 100, 2}}, 0},
                {{.family = 4, .port = PORT}, 0},
                {{.family = 4, .port = PORT, .ip = {198, 51, 100, 2}}, 0x0077}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct bench bench;
        set_up(&bench);
        ask(&bench, 0, &first, 0);
        while (send_next(&bench))
            answer_with(&bench, bench.action.packet, &first, rows[i].mapped, rows[i].extra);
        assert_int_equal(collect(&bench, 0).outcome, TEST_MALFORMED);
        courier_destroy(bench.courier);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_ends_the_exchange),
        cmocka_unit_test(silence_is_told_after_the_sends_and_a_last_wait),
        cmocka_unit_test(a_late_answer_is_matched_with_its_send),
        cmocka_unit_test(only_the_asked_source_answers),
        cmocka_unit_test(a_rewritten_source_is_told_unless_the_true_one_follows),
        cmocka_unit_test(an_answer_from_elsewhere_on_the_internet_is_not_the_router_s),
        cmocka_unit_test(garbage_is_malformed_unless_a_good_answer_follows),
        cmocka_unit_test(two_icmp_errors_refuse),
        cmocka_unit_test(urgent_requests_go_first),
        cmocka_unit_test(a_silent_server_is_left_alone),
        cmocka_unit_test(an_impossible_answer_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
