#include "sweep/courier.h"

#include "base/list.h"
#include "stun/attribute.h"
#include "stun/message.h"
#include "sweep/chance.h"
#include "sweep/credentials.h"
#include "sweep/path.h"
#include "sweep/response.h"
#include "sweep/timers.h"

#include <errno.h>
#include <stdlib.h>

#define CHALLENGES_MAX 3 /* 401, then perhaps a 438 or two; more is a server that never will */

struct courier {
    uint32_t capacity;
    uint32_t mask; /* hides the exchange's number in the transaction id */
    uint64_t timeout_us;
    uint32_t last_sent; /* number of the exchange, for send errors */
    struct chance chance;
    struct path path;
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
    courier->path = path_make(plan->pace_pps);
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
    path_change_server(&courier->path);
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

void courier_ask(struct courier *courier, uint32_t number, const struct request *request)
{
    struct exchange *exchange = &courier->exchanges[number];
    exchange_begin(exchange, request, chance_u64(&courier->chance));
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
    return exchange->request.sends_max > 0 ? exchange->request.sends_max : path_sends_needed(&courier->path);
}

static enum path_way way_of(const struct request *request)
{
    if (request->change != 0)
        return (request->change & STUN_CHANGE_IP) != 0 ? PATH_BOTH : PATH_FIRST;
    return request->probes ? PATH_SECOND : PATH_FIRST;
}

/* When the exchange, last sent at last_sent_us, has waited long enough. */
static uint64_t due_us(const struct courier *courier, const struct exchange *exchange)
{
    bool last = exchange->tries >= sends_wanted(courier, exchange);
    uint64_t due =
        exchange->last_sent_us + path_wait_us(&courier->path, exchange->tries, last, way_of(&exchange->request));
    uint64_t bound = exchange->first_sent_us + courier->timeout_us;
    return due < bound ? due : bound;
}

static void expire(struct courier *courier, struct exchange *exchange, uint64_t now_us)
{
    uint64_t due = due_us(courier, exchange); /* the measured loss may have changed since it was set */
    if (now_us >= exchange->first_sent_us + courier->timeout_us) {
        finish(courier, exchange, exchange_silence(exchange));
    } else if (exchange->tries < sends_wanted(courier, exchange)) {
        enter(courier, exchange, EXCHANGE_READY);
    } else if (now_us < due) {
        timers_set(courier->timers, number_of(courier, exchange), due);
    } else {
        if (exchange->request.witness)
            path_silent(&courier->path, exchange->tries);
        finish(courier, exchange, exchange_silence(exchange));
    }
}

static int write_request(struct courier *courier, struct exchange *exchange)
{
    const struct request *request = &exchange->request;
    uint8_t id[STUN_TRANSACTION_ID_BYTES];
    exchange_id(exchange, number_of(courier, exchange) ^ courier->mask, id);
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

static void await_answer(struct courier *courier, struct exchange *exchange, uint64_t now_us)
{
    exchange_sent(exchange, now_us);
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
    uint64_t sending = first_ready(courier) == NULL ? UINT64_MAX : path_wake_us(&courier->path, now_us);
    return sending < wake ? sending : wake;
}

bool courier_next(struct courier *courier, uint64_t now_us, struct sweep_action *action)
{
    uint32_t number;
    while (timers_expire(courier->timers, now_us, &number))
        expire(courier, &courier->exchanges[number], now_us);
    struct exchange *exchange = first_ready(courier);
    while (exchange != NULL && path_take(&courier->path, now_us)) {
        int len = write_request(courier, exchange);
        if (len >= 0) {
            await_answer(courier, exchange, now_us);
            action->kind = SWEEP_SEND;
            action->endpoint = exchange->request.endpoint;
            action->to = exchange->request.to;
            action->packet = courier->packet;
            action->len = (size_t)len;
            action->probes = exchange->request.probes;
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
    return list_empty(&courier->urgent) && list_empty(&courier->ready) && path_ready(&courier->path, now_us);
}

uint64_t courier_pace_wake_us(const struct courier *courier)
{
    return pacer_wake_us(&courier->path.pacer);
}

void courier_slow_down(struct courier *courier)
{
    pacer_slow_down(&courier->path.pacer);
}

/* --- receiving --- */

static struct exchange *exchange_at(struct courier *courier, uint32_t number)
{
    if (number >= courier->capacity)
        return NULL;
    struct exchange *exchange = &courier->exchanges[number];
    return exchange_asked(exchange) ? exchange : NULL;
}

/* The exchange a transaction id belongs to, and the send; NULL: late, doubled, forged, or somebody else's. */
static struct exchange *exchange_of(struct courier *courier, const uint8_t id[STUN_TRANSACTION_ID_BYTES],
                                    unsigned *send)
{
    struct exchange *exchange = exchange_at(courier, exchange_name(id) ^ courier->mask);
    return exchange != NULL && exchange_made(exchange, id, send) ? exchange : NULL;
}

static void count_round_trip(struct courier *courier, struct exchange *exchange, uint64_t now_us, unsigned send)
{
    unsigned lost;
    uint64_t rtt_us = exchange_answered(exchange, now_us, send, &lost);
    path_round_trip(&courier->path, now_us, rtt_us, lost, way_of(&exchange->request));
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
    exchange_renew(exchange, chance_u64(&courier->chance));
    enter(courier, exchange, EXCHANGE_READY);
}

static void take_error(struct courier *courier, struct exchange *exchange, uint64_t now_us,
                       const struct stun_message *message)
{
    uint16_t code = 0;
    if (stun_attribute_error_code(message, &code) != 0) {
        exchange->malformed = true;
        return;
    }
    exchange->answer.error_code = code;
    bool wrong_password = code == 401 && exchange->is_signed && exchange->challenges > 0;
    if (code == 401 || code == 438)
        path_agreed(&courier->path, now_us);
    if ((code == 401 || code == 438) && !wrong_password)
        take_challenge(courier, exchange, message);
    else if (code < 500) /* a 5xx may pass: RFC 8489 section 6.3.4 repeats the request */
        finish(courier, exchange, TEST_ERROR);
}

/* coturn signs no answer that goes another way than the request came: there the transaction id alone has to do. */
static bool forged(const struct courier *courier, const struct exchange *exchange, const struct stun_message *message)
{
    int error = exchange->is_signed ? credentials_verify(courier->credentials, message) : 0;
    bool straight = exchange->request.change == 0 && exchange->request.response_port == 0;
    return error != 0 && (error != -ENOENT || straight);
}

static void take_success(struct courier *courier, struct exchange *exchange, enum test_outcome outcome, uint64_t now_us,
                         const struct address *from, const struct stun_message *message)
{
    if (response_read(&exchange->request, from, message, &exchange->answer) != 0) {
        exchange->malformed = true;
        return;
    }
    exchange->answer.error_code = 0;
    path_agreed(&courier->path, now_us);
    finish(courier, exchange, outcome);
}

/* The true answer may still come. */
static void note_astray(struct exchange *exchange, uint32_t endpoint, const struct address *from,
                        const struct stun_message *message)
{
    enum test_outcome outcome = response_astray(&exchange->request, endpoint, from, message);
    if (outcome == TEST_NOT_MADE)
        return;
    exchange->astray = outcome;
    exchange->answer.from = *from;
}

static void blame(struct courier *courier, uint32_t likely, const struct address *from)
{
    struct exchange *exchange = exchange_at(courier, likely);
    if (exchange != NULL && response_from_server(&exchange->request, from))
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
    if (exchange == NULL || message.method != STUN_BINDING || !response_arrived(&exchange->request, endpoint))
        return;
    if (!response_from_server(&exchange->request, from)) {
        note_astray(exchange, endpoint, from, &message);
        return;
    }
    if (message.message_class == STUN_ERROR) {
        count_round_trip(courier, exchange, now_us, send);
        take_error(courier, exchange, now_us, &message);
        return;
    }
    enum test_outcome outcome = response_outcome(&exchange->request, endpoint, from, &message);
    if (message.message_class != STUN_SUCCESS || outcome == TEST_NOT_MADE)
        return;
    if (forged(courier, exchange, &message)) {
        exchange->malformed = true;
        return;
    }
    count_round_trip(courier, exchange, now_us, send);
    take_success(courier, exchange, outcome, now_us, from, &message);
}

/* --- errors --- */

static void refuse(struct courier *courier, struct exchange *exchange, enum reason reason)
{
    if (exchange_refused(exchange, reason))
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
    return &courier->path.consent;
}

struct loss courier_loss(const struct courier *courier)
{
    return path_loss(&courier->path);
}

uint64_t courier_rtt_us(const struct courier *courier)
{
    const struct path *path = &courier->path;
    return path->rto.srtt_us > path->rto_second.srtt_us ? path->rto.srtt_us : path->rto_second.srtt_us;
}
