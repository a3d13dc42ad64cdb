#include "sweep/hairpin.h"

#include "base/attributes.h"
#include "stun/message.h"
#include "sweep/chance.h"
#include "sweep/courier.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 3u
#define ROUND_US 20000u /* a router turns a packet round in less */
#define LAST_WAIT_US 100000u
#define REFUSALS 2u /* ICMP errors until a way is given up: one may be forged */

enum { LEFT, RIGHT, PEERS };
enum { WAY_TO_RIGHT, WAY_TO_LEFT, WAY_TO_FORWARD, WAYS };

struct hairpin {
    struct side_test test;
    struct courier *courier;
    struct address server;
    struct address locals[PEERS], mapped[PEERS];
    struct address forward; /* a forwarded port at the public address; family 0 = none */
    unsigned opened, collected;
    unsigned sends, refusals[WAYS];
    bool failed, arrived, crossed;
    bool unheard; /* there is a forwarded port that cannot be listened at */
    uint64_t next_us;
    uint8_t request[STUN_HEADER_BYTES]; /* STUN, so that whose port it reaches ignores it, and raw sockets hear it */
};

static struct hairpin *of(struct side_test *test)
{
    return (struct hairpin *)test; /* its first member */
}

/* --- endpoints: the two peers, then the forwarded port --- */

static uint32_t endpoint_of(const struct hairpin *hairpin, unsigned number)
{
    return number < PEERS ? SWEEP_EPHEMERAL + number : hairpin->forward.port;
}

static bool open_next(struct hairpin *hairpin, struct sweep_action *action)
{
    unsigned wanted = address_known(&hairpin->forward) ? PEERS + 1 : PEERS;
    if (hairpin->opened >= wanted) /* fewer when the forwarded port could not be opened */
        return false;
    action->kind = SWEEP_OPEN;
    action->endpoint = endpoint_of(hairpin, hairpin->opened++);
    return true;
}

static void ask_for_mapping(struct hairpin *hairpin, uint32_t peer)
{
    struct request request = {.endpoint = SWEEP_EPHEMERAL + peer,
                              .listener = SWEEP_EPHEMERAL + peer,
                              .identity = peer,
                              .to = hairpin->server,
                              .source = hairpin->server};
    courier_ask(hairpin->courier, peer, &request);
}

static void opened(struct side_test *test, uint32_t endpoint, const struct address *local)
{
    struct hairpin *hairpin = of(test);
    if (endpoint < SWEEP_EPHEMERAL) {
        if (!local) { /* somebody holds it: only the ephemeral ones can tell, and only that it does */
            hairpin->forward = (struct address){0};
            hairpin->unheard = true;
        }
    } else if (!local) {
        hairpin->failed = true;
    } else {
        hairpin->locals[endpoint - SWEEP_EPHEMERAL] = *local;
        ask_for_mapping(hairpin, endpoint - SWEEP_EPHEMERAL);
    }
}

/* --- crossing --- */

static const struct address *target_of(const struct hairpin *hairpin, unsigned way)
{
    return way == WAY_TO_FORWARD ? &hairpin->forward : &hairpin->mapped[way == WAY_TO_RIGHT ? RIGHT : LEFT];
}

static bool is_open(const struct hairpin *hairpin, unsigned way)
{
    return address_known(target_of(hairpin, way)) && hairpin->refusals[way] < REFUSALS;
}

/* The peers send in turn: a router that filters lets in only whom the other has sent to. */
static bool send_next(struct hairpin *hairpin, uint64_t now_us, struct sweep_action *action)
{
    while (hairpin->sends < ROUNDS * WAYS && now_us >= hairpin->next_us) {
        unsigned way = hairpin->sends++ % WAYS;
        if (way + 1 == WAYS)
            hairpin->next_us = now_us + (hairpin->sends == ROUNDS * WAYS ? LAST_WAIT_US : ROUND_US);
        if (!is_open(hairpin, way))
            continue;
        *action = (struct sweep_action){.kind = SWEEP_SEND,
                                        .endpoint = SWEEP_EPHEMERAL + (way == WAY_TO_LEFT ? RIGHT : LEFT),
                                        .to = *target_of(hairpin, way),
                                        .packet = hairpin->request,
                                        .len = sizeof hairpin->request};
        return true;
    }
    return false;
}

static bool crossing_over(const struct hairpin *hairpin, uint64_t now_us)
{
    bool open = false;
    for (unsigned way = 0; way < WAYS; way++)
        open |= is_open(hairpin, way);
    return hairpin->arrived || !open || (hairpin->sends == ROUNDS * WAYS && now_us >= hairpin->next_us);
}

static void collect(struct hairpin *hairpin)
{
    uint32_t number;
    struct answer answer;
    while (courier_collect(hairpin->courier, &number, &answer)) {
        hairpin->collected++;
        if (answer.outcome != TEST_ANSWERED || address_same_ip(&answer.mapped, &hairpin->locals[number]))
            hairpin->failed = true; /* no answer, or no NAT */
        else
            hairpin->mapped[number] = answer.mapped;
    }
}

static enum sweep_action_kind next(struct side_test *test, uint64_t now_us, struct sweep_action *action)
{
    struct hairpin *hairpin = of(test);
    if (open_next(hairpin, action))
        return action->kind;
    if (!hairpin->failed && hairpin->collected < PEERS && courier_next(hairpin->courier, now_us, action))
        return action->kind;
    collect(hairpin);
    if (!hairpin->failed && hairpin->collected < PEERS)
        return action->kind = SWEEP_WAIT;
    hairpin->crossed = !hairpin->failed && crossing_over(hairpin, now_us);
    if (hairpin->failed || hairpin->crossed)
        return action->kind = SWEEP_DONE;
    if (!send_next(hairpin, now_us, action))
        *action = (struct sweep_action){.kind = SWEEP_WAIT, .wake_us = hairpin->next_us};
    return action->kind;
}

static void received(struct side_test *test, uint64_t now_us, uint32_t endpoint, const struct address *from,
                     const uint8_t *bytes, size_t len)
{
    struct hairpin *hairpin = of(test);
    if (len == sizeof hairpin->request && memcmp(bytes, hairpin->request, len) == 0)
        hairpin->arrived = true;
    else
        courier_received(hairpin->courier, now_us, endpoint, COURIER_NOBODY, from, bytes, len);
}

static bool all_refused(const struct hairpin *hairpin)
{
    for (unsigned way = 0; way < WAYS; way++)
        if (is_open(hairpin, way) && hairpin->refusals[way] < hairpin->sends / WAYS)
            return false;
    return true;
}

static void refused(struct side_test *test, uint32_t endpoint, const struct address *to)
{
    struct hairpin *hairpin = of(test);
    for (unsigned way = 0; way < WAYS; way++)
        if (endpoint == SWEEP_EPHEMERAL + (way == WAY_TO_LEFT ? RIGHT : LEFT) &&
            address_equal(to, target_of(hairpin, way)))
            hairpin->refusals[way]++;
    if (all_refused(hairpin)) /* nothing more to wait for in this round */
        hairpin->next_us = 0;
}

static void destroy(struct side_test *test)
{
    courier_destroy(of(test)->courier);
    free(test);
}

/* --- before and after --- */

static void find_forward(struct hairpin *hairpin, const struct report *report)
{
    for (size_t i = 0; i < report->port_count; i++) {
        const struct port_result *port = &report->ports[i];
        if (port->transport == TRANSPORT_UDP && port->unsolicited == TRI_YES) {
            hairpin->forward = report->public_address;
            hairpin->forward.port = port->port;
            return;
        }
    }
}

static void write_request(struct hairpin *hairpin, uint64_t seed)
{
    struct chance chance = {seed ^ UINT64_C(0x68616972)}; /* not the sequence of the ports' transaction ids */
    uint64_t random[2] = {chance_u64(&chance), chance_u64(&chance)};
    uint8_t id[STUN_TRANSACTION_ID_BYTES];
    struct stun_writer writer;
    memcpy(id, random, sizeof id);
    stun_writer_begin(&writer, hairpin->request, sizeof hairpin->request, STUN_REQUEST, STUN_BINDING, id);
}

struct side_test *hairpin_create(const struct plan *plan, const struct report *report)
{
    struct hairpin *hairpin = calloc(1, sizeof *hairpin);
    if (!hairpin)
        return NULL;
    hairpin->courier = courier_create(plan, PEERS);
    if (!hairpin->courier) {
        free(hairpin);
        return NULL;
    }
    hairpin->test = (struct side_test){.stage = "looking whether the router hairpins",
                                       .next = next,
                                       .opened = opened,
                                       .received = received,
                                       .refused = refused,
                                       .destroy = destroy};
    hairpin->server = report->server_address;
    find_forward(hairpin, report);
    write_request(hairpin, plan->seed);
    return &hairpin->test;
}

enum tri hairpin_result(const struct side_test *test)
{
    const struct hairpin *hairpin = (const struct hairpin *)test;
    if (!hairpin->crossed || (hairpin->unheard && !hairpin->arrived))
        return TRI_UNKNOWN;
    return hairpin->arrived ? TRI_YES : TRI_NO;
}
