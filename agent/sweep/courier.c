#include "sweep/courier.h"

#include "base/list.h"
#include "stun/attribute.h"
#include "stun/message.h"
#include "sweep/chance.h"
#include "sweep/credentials.h"
#include "sweep/pacer.h"
#include "sweep/rto.h"
#include "sweep/timers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CHALLENGES_MAX 3 /* 401, then perhaps a 438 or two; more is a server that never will */
#define ICMP_NEEDED 2    /* one may be a router's hiccup, or forged */

enum exchange_state { EXCHANGE_IDLE, EXCHANGE_READY, EXCHANGE_WAITING, EXCHANGE_FINISHED };

struct exchange {
    struct list link; /* in a ready list or the finished list */
    enum exchange_state state;
    struct request request;
    struct answer answer;
    uint64_t token; /* the random part of the transaction id; its lowest byte is 0 and then the number of the send */
    uint64_t first_sent_us, last_sent_us;
    uint32_t sent_after_us[LOSS_SENDS_MAX]; /* each send since the last challenge, after the first */
    uint8_t tries;                          /* sends since the last challenge */
    uint8_t challenges, icmps;
    bool is_signed, malformed;
};

struct courier {
    uint32_t capacity;
    uint32_t mask; /* hides the exchange's number in the transaction id */
    uint64_t timeout_us;
    uint32_t last_sent; /* number of the exchange, for send errors */
    struct chance chance;
    struct pacer pacer;
    struct rto rto;
    struct loss loss, second_loss; /* of round trips by the first address only, and by both */
    uint32_t unheard;              /* sends of witnesses that stayed silent: loss, if the server is ever heard again */
    struct consent consent;
    struct timers *timers;
    struct credentials *credentials;
    struct list urgent, ready, finished;
    uint8_t packet[SWEEP_PACKET_BYTES];
    struct exchange exchanges[];
};

struct courier *courier_create(const struct plan *plan, uint32_t capacity)
{
    struct courier *courier = calloc(1, sizeof(*courier) + capacity * sizeof(struct exchange));
    if (courier == NULL)
        return NULL;
    courier->capacity = capacity;
    courier->timers = timers_create(capacity);
    courier->credentials = credentials_create(plan->user, plan->password, capacity);
    if (courier->timers == NULL || courier->credentials == NULL) {
        courier_destroy(courier);
        return NULL;
    }
    courier->chance = (struct chance){plan->seed};
    courier->mask = (uint32_t)chance_u64(&courier->chance);
    courier->timeout_us = plan->timeout_us == 0 ? UINT32_MAX : plan->timeout_us;
    courier->pacer = pacer_make(plan->pace_pps);
    courier->last_sent = COURIER_NOBODY;
    list_init(&courier->urgent);
    list_init(&courier->ready);
    list_init(&courier->finished);
    for (uint32_t i = 0; i < capacity; i++)
        list_init(&courier->exchanges[i].link);
    return courier;
}

void courier_destroy(struct courier *courier)
{
    if (courier == NULL)
        return;
    timers_destroy(courier->timers);
    credentials_destroy(courier->credentials);
    free(courier);
}

void courier_change_server(struct courier *courier)
{
    for (uint32_t i = 0; i < courier->capacity; i++) {
        courier_drop(courier, i);
        credentials_forget(courier->credentials, i);
    }
    courier->rto = (struct rto){0};
    courier->loss = courier->second_loss = (struct loss){0};
    courier->unheard = 0;
    courier->consent = (struct consent){0};
}

static uint32_t number_of(const struct courier *courier, const struct exchange *exchange)
{
    return (uint32_t)(exchange - courier->exchanges);
}

/* The one function that writes ->state. */
static void enter(struct courier *courier, struct exchange *exchange, enum exchange_state state)
{
    list_remove(&exchange->link);
    timers_cancel(courier->timers, number_of(courier, exchange));
    exchange->state = state;
    if (state == EXCHANGE_READY)
        list_append(exchange->request.urgent ? &courier->urgent : &courier->ready, &exchange->link);
    else if (state == EXCHANGE_FINISHED)
        list_append(&courier->finished, &exchange->link);
}

static void finish(struct courier *courier, struct exchange *exchange, enum test_outcome outcome)
{
    exchange->answer.outcome = outcome;
    enter(courier, exchange, EXCHANGE_FINISHED);
}

static uint64_t new_token(struct courier *courier)
{
    return chance_u64(&courier->chance) & ~(uint64_t)0xFF;
}

void courier_ask(struct courier *courier, uint32_t number, const struct request *request)
{
    struct exchange *exchange = &courier->exchanges[number];
    *exchange = (struct exchange){.request = *request, .answer.rtt_us = RTT_UNKNOWN_US, .token = new_token(courier)};
    list_init(&exchange->link);
    enter(courier, exchange, EXCHANGE_READY);
}

void courier_drop(struct courier *courier, uint32_t number)
{
    enter(courier, &courier->exchanges[number], EXCHANGE_IDLE);
}

void courier_forget_identity(struct courier *courier, uint32_t identity)
{
    credentials_forget(courier->credentials, identity);
}

bool courier_has_finished(const struct courier *courier)
{
    return !list_empty(&courier->finished);
}

bool courier_collect(struct courier *courier, uint32_t *number, struct answer *answer)
{
    struct list *link = list_pop(&courier->finished);
    if (link == NULL)
        return false;
    struct exchange *exchange = list_entry(link, struct exchange, link);
    *number = number_of(courier, exchange);
    *answer = exchange->answer;
    enter(courier, exchange, EXCHANGE_IDLE);
    return true;
}

/* --- sending --- */

static unsigned sends_wanted(const struct courier *courier, const struct exchange *exchange)
{
    struct loss loss = courier_loss(courier);
    return exchange->request.sends_max > 0 ? exchange->request.sends_max : loss_sends_needed(&loss);
}

/* When the exchange, last sent at last_sent_us, has waited long enough. */
static uint64_t due_us(const struct courier *courier, const struct exchange *exchange)
{
    bool last = exchange->tries >= sends_wanted(courier, exchange);
    uint64_t wait_us = last ? rto_last_wait_us(&courier->rto) : rto_interval_us(&courier->rto, exchange->tries);
    uint64_t due = exchange->last_sent_us + wait_us, bound = exchange->first_sent_us + courier->timeout_us;
    return due < bound ? due : bound;
}

static enum test_outcome outcome_of_silence(const struct exchange *exchange)
{
    if (exchange->answer.error_code != 0)
        return TEST_ERROR;
    if (exchange->malformed)
        return TEST_MALFORMED;
    return exchange->icmps > 0 ? TEST_REFUSED : TEST_SILENT;
}

static void expire(struct courier *courier, struct exchange *exchange, uint64_t now_us)
{
    uint64_t due = due_us(courier, exchange); /* the measured loss may have changed since it was set */
    if (now_us >= exchange->first_sent_us + courier->timeout_us) {
        finish(courier, exchange, outcome_of_silence(exchange));
    } else if (exchange->tries < sends_wanted(courier, exchange)) {
        enter(courier, exchange, EXCHANGE_READY);
    } else if (now_us < due) {
        timers_set(courier->timers, number_of(courier, exchange), due);
    } else {
        if (exchange->request.witness)
            courier->unheard += exchange->tries;
        finish(courier, exchange, outcome_of_silence(exchange));
    }
}

/* Each send is a transaction of its own, so that an answer tells which send it answers: RTT and loss are exact, where
 * equal ids would leave them ambiguous (Karn) just when the path is bad. */
static int write_request(struct courier *courier, struct exchange *exchange)
{
    const struct request *request = &exchange->request;
    uint8_t id[STUN_TRANSACTION_ID_BYTES];
    uint32_t masked = number_of(courier, exchange) ^ courier->mask;
    memcpy(id, &masked, sizeof(masked));
    uint64_t token = exchange->token | exchange->tries;
    memcpy(id + sizeof(masked), &token, sizeof(token));
    struct stun_writer writer;
    stun_writer_begin(&writer, courier->packet, sizeof(courier->packet), STUN_REQUEST, STUN_BINDING, id);
    if (request->change != 0)
        stun_write_change_request(&writer, request->change);
    if (request->response_port != 0)
        stun_write_response_port(&writer, request->response_port);
    exchange->is_signed = credentials_known(courier->credentials, request->identity);
    credentials_sign(courier->credentials, request->identity, &writer);
    return stun_writer_finish(&writer);
}

static void count_send(struct courier *courier, struct exchange *exchange, uint64_t now_us)
{
    if (exchange->tries == 0)
        exchange->first_sent_us = now_us;
    exchange->last_sent_us = now_us;
    exchange->sent_after_us[exchange->tries++] = (uint32_t)(now_us - exchange->first_sent_us);
    if (exchange->answer.sends == 0)
        exchange->answer.began_us = now_us;
    if (exchange->answer.sends < UINT8_MAX)
        exchange->answer.sends++;
    consent_sent(&courier->consent);
    courier->last_sent = number_of(courier, exchange);
    enter(courier, exchange, EXCHANGE_WAITING);
    timers_set(courier->timers, courier->last_sent, due_us(courier, exchange));
}

static struct exchange *first_ready(const struct courier *courier)
{
    const struct list *from = list_empty(&courier->urgent) ? &courier->ready : &courier->urgent;
    return list_empty(from) ? NULL : list_entry(from->next, struct exchange, link);
}

static uint64_t wake_us(const struct courier *courier, uint64_t now_us)
{
    uint64_t wake = timers_next_us(courier->timers);
    if (first_ready(courier) == NULL || !consent_may_send(&courier->consent, now_us))
        return wake;
    uint64_t sending = pacer_wake_us(&courier->pacer);
    return sending < wake ? sending : wake;
}

bool courier_next(struct courier *courier, uint64_t now_us, struct sweep_action *action)
{
    uint32_t number;
    while (timers_expire(courier->timers, now_us, &number))
        expire(courier, &courier->exchanges[number], now_us);
    struct exchange *exchange = first_ready(courier);
    while (exchange != NULL && consent_may_send(&courier->consent, now_us) && pacer_take(&courier->pacer, now_us)) {
        int len = write_request(courier, exchange);
        if (len >= 0) {
            count_send(courier, exchange, now_us);
            action->kind = SWEEP_SEND;
            action->endpoint = exchange->request.endpoint;
            action->to = exchange->request.to;
            action->packet = courier->packet;
            action->len = (size_t)len;
            return true;
        }
        finish(courier, exchange, TEST_LOCAL_ERROR); /* the server's realm and nonce do not fit a packet */
        exchange = first_ready(courier);
    }
    action->wake_us = wake_us(courier, now_us);
    return false;
}

bool courier_idle(const struct courier *courier, uint64_t now_us)
{
    return list_empty(&courier->urgent) && list_empty(&courier->ready) && consent_may_send(&courier->consent, now_us) &&
           pacer_ready(&courier->pacer, now_us);
}

uint64_t courier_pace_wake_us(const struct courier *courier)
{
    return pacer_wake_us(&courier->pacer);
}

void courier_slow_down(struct courier *courier)
{
    pacer_slow_down(&courier->pacer);
}

/* --- receiving --- */

static struct exchange *exchange_at(struct courier *courier, uint32_t number)
{
    if (number >= courier->capacity)
        return NULL;
    struct exchange *exchange = &courier->exchanges[number];
    bool asked = exchange->tries > 0 && (exchange->state == EXCHANGE_WAITING || exchange->state == EXCHANGE_READY);
    return asked ? exchange : NULL;
}

/* The exchange a transaction id belongs to, and the send; NULL: late, doubled, forged, or somebody else's. */
static struct exchange *exchange_of(struct courier *courier, const uint8_t id[STUN_TRANSACTION_ID_BYTES],
                                    unsigned *send)
{
    uint32_t masked;
    uint64_t token;
    memcpy(&masked, id, sizeof(masked));
    memcpy(&token, id + sizeof(masked), sizeof(token));
    struct exchange *exchange = exchange_at(courier, masked ^ courier->mask);
    *send = token & 0xFF;
    bool ours = exchange != NULL && exchange->token == (token & ~(uint64_t)0xFF) && *send < exchange->tries;
    return ours ? exchange : NULL;
}

static bool from_server(const struct exchange *exchange, const struct address *from)
{
    return address_equal(from, &exchange->request.to) || address_equal(from, &exchange->request.source);
}

static void count_round_trip(struct courier *courier, struct exchange *exchange, uint64_t now_us, unsigned send)
{
    uint64_t sent_us = exchange->first_sent_us + exchange->sent_after_us[send], rtt_us = now_us - sent_us;
    exchange->answer.rtt_us = rtt_us > INT32_MAX ? INT32_MAX : (int32_t)rtt_us;
    exchange->answer.asked_us = sent_us;
    rto_sample(&courier->rto, rtt_us);
    pacer_round_trip(&courier->pacer, now_us, rtt_us);
    if (exchange->request.change == 0) {
        loss_count(&courier->loss, 1, send + courier->unheard);
        courier->unheard = 0;
    } else {
        loss_count(&courier->second_loss, 1, send);
    }
    consent_answered(&courier->consent, now_us);
}

/* RFC 8489 section 9.2.4: a 401 or 438 is answered by the same request, signed, as a new transaction. */
static void take_challenge(struct courier *courier, struct exchange *exchange, const struct stun_message *message)
{
    uint32_t identity = exchange->request.identity;
    if (!credentials_given(courier->credentials) || exchange->challenges++ >= CHALLENGES_MAX) {
        finish(courier, exchange, TEST_ERROR);
        return;
    }
    int error = credentials_challenged(courier->credentials, identity, message);
    if (error != 0) {
        finish(courier, exchange, error == -ENOMEM ? TEST_LOCAL_ERROR : TEST_ERROR);
        return;
    }
    exchange->answer.error_code = 0;
    exchange->tries = 0;
    exchange->token = new_token(courier);
    enter(courier, exchange, EXCHANGE_READY);
}

static void take_error(struct courier *courier, struct exchange *exchange, const struct stun_message *message)
{
    uint16_t code = 0;
    if (stun_attribute_error_code(message, &code) != 0) {
        exchange->malformed = true;
        return;
    }
    exchange->answer.error_code = code;
    bool wrong_password = code == 401 && exchange->is_signed && exchange->challenges > 0;
    if ((code == 401 || code == 438) && !wrong_password)
        take_challenge(courier, exchange, message);
    else if (code < 500) /* a 5xx may pass: RFC 8489 section 6.3.4 repeats the request */
        finish(courier, exchange, TEST_ERROR);
}

/* A client cannot be there: an address of the other family, nobody's, or no port. */
static bool impossible(const struct address *mapped, const struct exchange *exchange)
{
    static const uint8_t nobody[sizeof(mapped->ip)];
    return mapped->family != exchange->request.to.family || mapped->port == 0 ||
           memcmp(mapped->ip, nobody, sizeof(nobody)) == 0;
}

static int read_mapped(const struct exchange *exchange, const struct stun_message *message, struct answer *answer)
{
    struct address plain = {0}, xored = {0};
    bool has_plain = stun_attribute_address(message, STUN_MAPPED_ADDRESS, &plain) == 0;
    bool has_xored = stun_attribute_xor_address(message, STUN_XOR_MAPPED_ADDRESS, &xored) == 0;
    if (!has_plain && !has_xored)
        return -EBADMSG;
    answer->mapped = has_xored ? xored : plain;
    if (impossible(&answer->mapped, exchange))
        return -EBADMSG;
    if (has_plain && has_xored)
        answer->rewritten = address_equal(&plain, &xored) ? TRI_NO : TRI_YES;
    return 0;
}

static int read_other(const struct stun_message *message, struct address *other)
{
    if (stun_attribute_address(message, STUN_OTHER_ADDRESS, other) == 0)
        return 0;
    return stun_attribute_address(message, STUN_CHANGED_ADDRESS, other);
}

/* TEST_NOT_MADE: no answer to this request at all. */
static enum test_outcome outcome_of_source(const struct exchange *exchange, uint32_t endpoint,
                                           const struct address *from, const struct stun_message *message)
{
    const struct request *request = &exchange->request;
    bool changed = request->change != 0, there = endpoint == request->listener;
    struct address origin;
    bool lies = changed && stun_attribute_address(message, STUN_RESPONSE_ORIGIN, &origin) == 0 &&
                !address_equal(&origin, &request->source);
    if (address_equal(from, &request->source) && !lies)
        return there ? TEST_ANSWERED : TEST_WRONG_PORT;
    return changed ? TEST_WRONG_SOURCE : TEST_NOT_MADE;
}

/* coturn signs no answer that leaves from another address than was asked: there the transaction id alone has to do. */
static bool forged(const struct courier *courier, const struct exchange *exchange, const struct stun_message *message)
{
    int error = exchange->is_signed ? credentials_verify(courier->credentials, message) : 0;
    return error != 0 && (error != -ENOENT || exchange->request.change == 0);
}

static void take_success(struct courier *courier, struct exchange *exchange, enum test_outcome outcome,
                         const struct address *from, const struct stun_message *message)
{
    if (stun_attribute_unknown(message) != 0 || read_mapped(exchange, message, &exchange->answer) != 0) {
        exchange->malformed = true;
        return;
    }
    if (read_other(message, &exchange->answer.other) != 0)
        exchange->answer.other = (struct address){0};
    exchange->answer.error_code = 0;
    exchange->answer.from = *from;
    finish(courier, exchange, outcome);
}

static void blame(struct courier *courier, uint32_t likely, const struct address *from)
{
    struct exchange *exchange = exchange_at(courier, likely);
    if (exchange != NULL && from_server(exchange, from))
        exchange->malformed = true;
}

void courier_received(struct courier *courier, uint64_t now_us, uint32_t endpoint, uint32_t likely,
                      const struct address *from, const uint8_t *bytes, size_t len)
{
    struct stun_message message;
    if (stun_message_parse(bytes, len, &message) != 0) {
        blame(courier, likely, from);
        return;
    }
    unsigned send;
    struct exchange *exchange = exchange_of(courier, message.transaction_id, &send);
    if (exchange == NULL || message.method != STUN_BINDING || !from_server(exchange, from) ||
        (endpoint != exchange->request.endpoint && endpoint != exchange->request.listener))
        return;
    if (message.message_class == STUN_ERROR) {
        count_round_trip(courier, exchange, now_us, send);
        take_error(courier, exchange, &message);
        return;
    }
    enum test_outcome outcome = outcome_of_source(exchange, endpoint, from, &message);
    if (message.message_class != STUN_SUCCESS || outcome == TEST_NOT_MADE || forged(courier, exchange, &message))
        return;
    count_round_trip(courier, exchange, now_us, send);
    take_success(courier, exchange, outcome, from, &message);
}

/* --- errors --- */

static void refuse(struct courier *courier, struct exchange *exchange, enum reason reason)
{
    exchange->answer.reason = reason;
    if (++exchange->icmps >= ICMP_NEEDED)
        finish(courier, exchange, TEST_REFUSED);
}

void courier_icmp(struct courier *courier, uint64_t now_us, uint32_t number, const struct address *to,
                  enum sweep_icmp icmp)
{
    static const enum reason reasons[] = {[SWEEP_ICMP_ADMIN_PROHIBITED] = REASON_ADMIN_PROHIBITED,
                                          [SWEEP_ICMP_PORT_UNREACHABLE] = REASON_PORT_UNREACHABLE,
                                          [SWEEP_ICMP_NO_ROUTE] = REASON_NO_ROUTE};
    (void)now_us;
    struct exchange *exchange = exchange_at(courier, number);
    if (exchange != NULL && exchange->request.change == 0 && address_equal(to, &exchange->request.to))
        refuse(courier, exchange, reasons[icmp]);
}

static enum reason reason_of_errno(int error)
{
    switch (error) {
    case EPERM: /* what netfilter's OUTPUT chain gives */
    case EACCES: return REASON_ADMIN_PROHIBITED;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN: return REASON_NO_ROUTE;
    case ECONNREFUSED: /* the ICMP error of an earlier packet */ return REASON_PORT_UNREACHABLE;
    default: return REASON_LOCAL_ERROR;
    }
}

void courier_send_failed(struct courier *courier, uint64_t now_us, uint32_t endpoint, int error)
{
    (void)now_us;
    struct exchange *exchange = exchange_at(courier, courier->last_sent);
    if (exchange == NULL || exchange->request.endpoint != endpoint)
        return;
    if (error == EAGAIN || error == ENOBUFS || error == EINTR || error == ENOMEM)
        return; /* a full queue: as if lost on the way */
    enum reason reason = reason_of_errno(error);
    if (reason == REASON_LOCAL_ERROR)
        finish(courier, exchange, TEST_LOCAL_ERROR);
    else if (exchange->request.change == 0)
        refuse(courier, exchange, reason);
}

const struct consent *courier_consent(const struct courier *courier)
{
    return &courier->consent;
}

struct loss courier_loss(const struct courier *courier)
{
    return loss_worse(&courier->loss, &courier->second_loss);
}

uint64_t courier_rtt_us(const struct courier *courier)
{
    return courier->rto.srtt_us;
}
