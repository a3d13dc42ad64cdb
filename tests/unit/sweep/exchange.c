#include "sweep/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NAME 0x12345678u
#define NOW_US 1000000u

static struct exchange begun(void)
{
    struct exchange exchange;
    exchange_begin(&exchange, &(struct request){.endpoint = 9000, .listener = 9000}, 0xABCDEF0123456789u);
    exchange.state = EXCHANGE_READY;
    return exchange;
}

/* The id of the next send, which is then sent. */
static void send_one(struct exchange *exchange, uint64_t now_us, uint8_t id[STUN_TRANSACTION_ID_BYTES])
{
    exchange_id(exchange, NAME, id);
    exchange_sent(exchange, now_us);
}

static void each_send_has_an_id_of_its_own(void **state)
{
    (void)state;
    struct exchange exchange = begun();
    uint8_t first[STUN_TRANSACTION_ID_BYTES], second[STUN_TRANSACTION_ID_BYTES];
    unsigned send = 99;
    assert_false(exchange_asked(&exchange));
    send_one(&exchange, NOW_US, first);
    exchange_id(&exchange, NAME, second);
    assert_memory_not_equal(first, second, sizeof(first));
    assert_int_equal(exchange_name(first), NAME);
    assert_true(exchange_asked(&exchange));
    assert_true(exchange_made(&exchange, first, &send));
    assert_int_equal(send, 0);
    assert_false(exchange_made(&exchange, second, &send)); /* not sent yet */
    first[STUN_TRANSACTION_ID_BYTES - 1] ^= 1;
    assert_false(exchange_made(&exchange, first, &send)); /* forged */
}

static void the_round_trip_is_that_of_the_answered_send(void **state)
{
    (void)state;
    struct exchange exchange = begun();
    uint8_t id[STUN_TRANSACTION_ID_BYTES];
    unsigned lost;
    send_one(&exchange, NOW_US, id);
    send_one(&exchange, NOW_US + 60000, id);
    assert_int_equal(exchange_answered(&exchange, NOW_US + 65000, 1, &lost), 5000);
    assert_int_equal(lost, 1);
    assert_int_equal(exchange.answer.rtt_us, 5000);
    assert_int_equal(exchange.answer.asked_us, NOW_US + 60000);
    assert_int_equal(exchange.answer.began_us, NOW_US);
    assert_int_equal(exchange.answer.sends, 2);
}

/* As a request is repeated after a 5xx. */
static void an_answered_send_is_not_lost(void **state)
{
    (void)state;
    struct exchange exchange = begun();
    uint8_t id[STUN_TRANSACTION_ID_BYTES];
    unsigned lost;
    for (unsigned send = 0; send < 4; send++) {
        send_one(&exchange, NOW_US + 60000 * send, id);
        if (send == 2)
            continue;
        (void)exchange_answered(&exchange, NOW_US + 60000 * send + 5000, send, &lost);
        assert_int_equal(lost, send == 3 ? 1 : 0);
    }
}

static void a_renewed_request_disowns_its_old_ids(void **state)
{
    (void)state;
    struct exchange exchange = begun();
    uint8_t id[STUN_TRANSACTION_ID_BYTES];
    unsigned send;
    send_one(&exchange, NOW_US, id);
    exchange.answer.error_code = 401;
    exchange_renew(&exchange, 0x1111222233334444u);
    assert_false(exchange_asked(&exchange));
    assert_false(exchange_made(&exchange, id, &send));
    assert_int_equal(exchange.answer.error_code, 0);
    assert_int_equal(exchange.answer.sends, 1); /* counts all that were sent */
}

static void silence_is_named_by_what_came_instead_of_an_answer(void **state)
{
    (void)state;
    struct exchange exchange = begun();
    assert_int_equal(exchange_silence(&exchange), TEST_SILENT);
    assert_false(exchange_refused(&exchange, REASON_NO_ROUTE));
    assert_int_equal(exchange_silence(&exchange), TEST_REFUSED);
    assert_true(exchange_refused(&exchange, REASON_NO_ROUTE));
    assert_int_equal(exchange.answer.reason, REASON_NO_ROUTE);
    exchange.malformed = true;
    assert_int_equal(exchange_silence(&exchange), TEST_MALFORMED);
    exchange.answer.error_code = 500;
    assert_int_equal(exchange_silence(&exchange), TEST_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_send_has_an_id_of_its_own),
        cmocka_unit_test(the_round_trip_is_that_of_the_answered_send),
        cmocka_unit_test(an_answered_send_is_not_lost),
        cmocka_unit_test(a_renewed_request_disowns_its_old_ids),
        cmocka_unit_test(silence_is_named_by_what_came_instead_of_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
