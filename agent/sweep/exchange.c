#include "sweep/exchange.h"

#include <string.h>

#define ICMP_NEEDED 2 /* one may be a router's hiccup, or forged */
#define SEND_MASK ((uint64_t)0xFF)

void exchange_begin(struct exchange *exchange, const struct request *request, uint64_t random)
{
    *exchange = (struct exchange){.request = *request, .answer.rtt_us = RTT_UNKNOWN_US, .token = random & ~SEND_MASK};
    list_init(&exchange->link);
}

void exchange_renew(struct exchange *exchange, uint64_t random)
{
    exchange->answer.error_code = 0;
    exchange->tries = exchange->heard = 0;
    exchange->token = random & ~SEND_MASK;
}

void exchange_id(const struct exchange *exchange, uint32_t name, uint8_t id[STUN_TRANSACTION_ID_BYTES])
{
    uint64_t token = exchange->token | exchange->tries;
    memcpy(id, &name, sizeof(name));
    memcpy(id + sizeof(name), &token, sizeof(token));
}

uint32_t exchange_name(const uint8_t id[STUN_TRANSACTION_ID_BYTES])
{
    uint32_t name;
    memcpy(&name, id, sizeof(name));
    return name;
}

void exchange_sent(struct exchange *exchange, uint64_t now_us)
{
    if (exchange->tries == 0)
        exchange->first_sent_us = now_us;
    exchange->last_sent_us = now_us;
    exchange->sent_after_us[exchange->tries++] = (uint32_t)(now_us - exchange->first_sent_us);
    if (exchange->answer.sends == 0)
        exchange->answer.began_us = now_us;
    if (exchange->answer.sends < UINT8_MAX)
        exchange->answer.sends++;
}

bool exchange_asked(const struct exchange *exchange)
{
    return exchange->tries > 0 && (exchange->state == EXCHANGE_WAITING || exchange->state == EXCHANGE_READY);
}

bool exchange_made(const struct exchange *exchange, const uint8_t id[STUN_TRANSACTION_ID_BYTES], unsigned *send)
{
    uint64_t token;
    memcpy(&token, id + sizeof(uint32_t), sizeof(token));
    *send = token & SEND_MASK;
    return exchange->token == (token & ~SEND_MASK) && *send < exchange->tries;
}

uint64_t exchange_answered(struct exchange *exchange, uint64_t now_us, unsigned send, unsigned *lost)
{
    *lost = send > exchange->heard ? send - exchange->heard : 0;
    if (send >= exchange->heard)
        exchange->heard = (uint8_t)(send + 1);
    uint64_t sent_us = exchange->first_sent_us + exchange->sent_after_us[send], rtt_us = now_us - sent_us;
    exchange->answer.rtt_us = rtt_us > INT32_MAX ? INT32_MAX : (int32_t)rtt_us;
    exchange->answer.asked_us = sent_us;
    return rtt_us;
}

bool exchange_refused(struct exchange *exchange, enum reason reason)
{
    exchange->answer.reason = reason;
    return ++exchange->icmps >= ICMP_NEEDED;
}

enum test_outcome exchange_silence(const struct exchange *exchange)
{
    if (exchange->answer.error_code != 0)
        return TEST_ERROR;
    if (exchange->astray != TEST_NOT_MADE)
        return exchange->astray;
    if (exchange->malformed)
        return TEST_MALFORMED;
    return exchange->icmps > 0 ? TEST_REFUSED : TEST_SILENT;
}
