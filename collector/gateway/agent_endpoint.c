#include "gateway/agent_endpoint.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "gateway/agent_answer.h"
#include "gateway/agent_notice.h"
#include "gateway/answer.h"
#include "gateway/inbound.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PENDING_RETRY_MS 30000u
#define GREET_RETRY_MS 1000u
#define VERSION_RETRY_MS 3600000u
#define GOING_DOWN "this collector is going down: go on at another one"
#define BYTES_PER_TOKEN 1024u
#define US_PER_MS 1000u

static void refuse_revoked(struct agent_endpoint *endpoint, const struct agent_key *key, const struct inbound *inbound)
{
    agent_count(endpoint, COUNT_REVOKED);
    agent_turn_away(endpoint, &inbound->route, NATSWEEP__WELCOME__STATUS__REVOKED, 0, "this agent's key was revoked");
    struct peer *peer = peers_find(endpoint->peers, key->agent_id);
    if (peer && memcmp(peer->public_key, key->public_key, CURVE_KEY_BYTES) == 0)
        agent_drop(endpoint, peer, "revoked");
}

static void log_arrival(const struct peer *peer, int arrival, const struct inbound *inbound)
{
    if (arrival == PEER_CLONE)
        log_warning(
            "gateway", peer->name,
            "two machines take turns with one key (the latest from %s): one is a copy and must be enrolled anew",
            inbound->address);
    else
        log_info("gateway", peer->name, "%s from %s",
                 arrival == PEER_NEW        ? "connected"
                 : arrival == PEER_RETURNED ? "reconnected"
                                            : "restarted",
                 inbound->address);
}

/* Takes the envelope. The welcome comes from memory: PostgreSQL may be away for a while. */
static void on_hello(struct agent_endpoint *endpoint, const struct agent_key *key, const struct inbound *inbound,
                     Envelope *envelope, uint64_t now_us)
{
    struct peer *peer;
    int arrival =
        peers_hello(endpoint->peers, key->agent_id, &inbound->route, envelope->hello->instance, now_us, &peer);
    if (arrival < 0) {
        agent_count(endpoint, COUNT_MEMORY);
        wire_free(envelope);
        return;
    }
    peer->site_id = key->site_id;
    memcpy(peer->public_key, key->public_key, CURVE_KEY_BYTES);
    snprintf(peer->name, sizeof(peer->name), "%.60s/%.60s", key->site, envelope->hello->hostname);
    log_arrival(peer, arrival, inbound);
    agent_welcome(endpoint, &inbound->route, key->site);
    agent_tell_message(endpoint, peer, inbound, envelope, key->is_next);
}

static void put_off(struct agent_endpoint *endpoint, struct peer *peer, uint64_t now_us)
{
    uint32_t wait_ms = peer_put_off(peer, now_us, random_u64());
    agent_count(endpoint, COUNT_WAITING);
    if (wait_ms > 0)
        agent_count_send(endpoint, answer_wait(endpoint->router, &peer->route, wait_ms));
}

/* Takes the envelope. */
static void on_report(struct agent_endpoint *endpoint, struct peer *peer, struct inbound *inbound, Envelope *envelope,
                      uint64_t now_us)
{
    size_t len = zmq_msg_size(&inbound->body);
    if (endpoint->draining || peer->reports_out >= PEER_CREDIT || !admission_take(&endpoint->admission, len)) {
        wire_free(envelope);
        put_off(endpoint, peer, now_us);
        return;
    }
    struct delivery *delivery =
        delivery_create(peer->agent_id, peer->site_id, envelope, zmq_msg_data(&inbound->body), len);
    if (delivery)
        delivery->fault = inbound->fault;
    struct mailbox *store = endpoint->stores[(uint64_t)peer->site_id % endpoint->store_count];
    if (!delivery || mailbox_send(store, delivery) != 0) {
        agent_count(endpoint, COUNT_MEMORY);
        admission_give_back(&endpoint->admission, len);
        delivery_free(delivery);
        return;
    }
    peer_takes_credit(peer);
}

/* Takes the envelope, which came by the peer's current connection. */
static void dispatch(struct agent_endpoint *endpoint, struct peer *peer, struct inbound *inbound, Envelope *envelope,
                     uint64_t now_us)
{
    switch (envelope->body_case) {
    case NATSWEEP__ENVELOPE__BODY_REPORT_BATCH: on_report(endpoint, peer, inbound, envelope, now_us); return;
    case NATSWEEP__ENVELOPE__BODY_HEARTBEAT:
        agent_count_send(endpoint, answer_heartbeat(endpoint->router, &inbound->route));
        agent_tell_message(endpoint, peer, inbound, envelope, false);
        return;
    case NATSWEEP__ENVELOPE__BODY_ACCEPTED:
    case NATSWEEP__ENVELOPE__BODY_REFUSED:
    case NATSWEEP__ENVELOPE__BODY_NEW_KEY:
    case NATSWEEP__ENVELOPE__BODY_PROGRESS: agent_tell_message(endpoint, peer, inbound, envelope, false); return;
    default: agent_count(endpoint, COUNT_UNEXPECTED); wire_free(envelope);
    }
}

/* Reports are bounded by what the store can hold; all else has to be heard by control, which may be waiting. */
static bool may_say(struct agent_endpoint *endpoint, struct peer *peer, const struct inbound *inbound,
                    const Envelope *envelope, uint64_t now_us)
{
    if (!peer || envelope->body_case == NATSWEEP__ENVELOPE__BODY_REPORT_BATCH)
        return true;
    uint32_t amount = 1 + (uint32_t)(zmq_msg_size(&inbound->body) / BYTES_PER_TOKEN);
    if (!bucket_holds(&peer->talk, PEER_TALK_PER_MINUTE, amount, now_us)) {
        agent_count(endpoint, COUNT_TALKATIVE);
        return false;
    }
    bucket_spend(&peer->talk, amount);
    return true;
}

/* Takes the envelope of an active agent. */
static void on_message(struct agent_endpoint *endpoint, const struct agent_key *key, struct inbound *inbound,
                       Envelope *envelope, uint64_t now_us)
{
    struct peer *peer = peers_find(endpoint->peers, key->agent_id);
    if (!may_say(endpoint, peer, inbound, envelope, now_us)) {
        wire_free(envelope);
        return;
    }
    if (envelope->body_case == NATSWEEP__ENVELOPE__BODY_HELLO && endpoint->draining) {
        wire_free(envelope);
        agent_turn_away(endpoint, &inbound->route, NATSWEEP__WELCOME__STATUS__UNAVAILABLE, 0, GOING_DOWN);
        return;
    }
    if (envelope->body_case == NATSWEEP__ENVELOPE__BODY_HELLO) {
        on_hello(endpoint, key, inbound, envelope, now_us);
        return;
    }
    if (!peer || !route_equal(&peer->route, &inbound->route)) {
        agent_count(endpoint, COUNT_NOT_GREETED);
        wire_free(envelope);
        agent_turn_away(endpoint, &inbound->route, NATSWEEP__WELCOME__STATUS__UNAVAILABLE, GREET_RETRY_MS,
                        "this connection is not the agent's current one: say hello again");
        return;
    }
    peers_heard(endpoint->peers, peer, now_us);
    dispatch(endpoint, peer, inbound, envelope, now_us);
}

/* A batch that cannot be read, of a newer agent perhaps, goes to the store by its key alone: it is kept there as it
 * came and rejected, or the agent would send it again for ever. */
static int decode(struct agent_endpoint *endpoint, struct inbound *inbound, Envelope **envelope)
{
    const uint8_t *frame = zmq_msg_data(&inbound->body);
    size_t len = zmq_msg_size(&inbound->body);
    int error = wire_decode(frame, len, envelope);
    if (error == 0)
        return 0;
    agent_count(endpoint, counts_of_wire_error(error));
    if ((error != WIRE_FIELD && error != WIRE_MALFORMED) || wire_decode_key(frame, len, envelope) != 0)
        return error;
    inbound->fault = wire_error_text(error);
    return 0;
}

static void handle(struct agent_endpoint *endpoint, struct inbound *inbound, uint64_t now_us)
{
    const struct agent_key *key = keyring_find(&endpoint->keyring, inbound->public_key);
    if (!key) {
        agent_count(endpoint, COUNT_STRANGER);
        agent_turn_away(endpoint, &inbound->route, NATSWEEP__WELCOME__STATUS__REVOKED, 0,
                        "this agent's key is not known");
        return;
    }
    if (key->state == AGENT_REVOKED) {
        refuse_revoked(endpoint, key, inbound);
        return;
    }
    Envelope *envelope;
    int error = decode(endpoint, inbound, &envelope);
    if (error) {
        if (error == WIRE_VERSION)
            agent_turn_away(endpoint, &inbound->route, NATSWEEP__WELCOME__STATUS__VERSION_TOO_OLD, VERSION_RETRY_MS,
                            "this agent is too old for its collector: install a newer one");
        return;
    }
    counts_frame(endpoint->counts, envelope);
    if (key->state == AGENT_PENDING) {
        wire_free(envelope);
        agent_turn_away(endpoint, &inbound->route, NATSWEEP__WELCOME__STATUS__PENDING, PENDING_RETRY_MS,
                        "this agent waits for an operator's approval");
        return;
    }
    on_message(endpoint, key, inbound, envelope, now_us);
}

void agent_endpoint_serve(struct agent_endpoint *endpoint, int budget, uint64_t now_us)
{
    struct inbound inbound;
    for (; budget > 0; budget--) {
        int got = inbound_receive(endpoint->router, &inbound);
        if (got == 0)
            return;
        if (got < 0) {
            agent_count(endpoint, got == -EPERM ? COUNT_UNIDENTIFIED : COUNT_MALFORMED);
            continue;
        }
        handle(endpoint, &inbound, now_us);
        inbound_close(&inbound);
    }
}

static int by_agent(const void *a, const void *b)
{
    int64_t left = (*(struct delivery *const *)a)->agent_id;
    int64_t right = (*(struct delivery *const *)b)->agent_id;
    return (left > right) - (left < right);
}

void agent_endpoint_returned(struct agent_endpoint *endpoint, struct delivery **deliveries, size_t count)
{
    qsort(deliveries, count, sizeof(struct delivery *), by_agent);
    for (size_t first = 0, after; first < count; first = after) {
        int64_t agent_id = deliveries[first]->agent_id;
        for (after = first + 1; after < count && deliveries[after]->agent_id == agent_id; after++)
            ;
        struct peer *peer = peers_find(endpoint->peers, agent_id);
        if (!peer)
            continue;
        for (size_t i = first; i < after; i++)
            peer_gives_back_credit(peer);
        agent_count_send(endpoint, answer_ack(endpoint->router, &peer->route, deliveries + first, after - first));
    }
    for (size_t i = 0; i < count; i++) {
        admission_give_back(&endpoint->admission, deliveries[i]->frame_bytes);
        delivery_free(deliveries[i]);
    }
}

void agent_endpoint_expire(struct agent_endpoint *endpoint, uint64_t now_us)
{
    uint64_t patience_us = (uint64_t)endpoint->heartbeat_ms * endpoint->heartbeat_misses * US_PER_MS;
    if (now_us < patience_us)
        return;
    for (struct peer *peer = peers_silent(endpoint->peers, now_us - patience_us); peer;
         peer = peers_silent(endpoint->peers, now_us - patience_us))
        agent_drop(endpoint, peer, "gone: no heartbeat");
}

void agent_endpoint_send_away(struct agent_endpoint *endpoint)
{
    for (struct peer *peer = peers_next(endpoint->peers, NULL); peer; peer = peers_next(endpoint->peers, peer))
        agent_turn_away(endpoint, &peer->route, NATSWEEP__WELCOME__STATUS__UNAVAILABLE, 0, GOING_DOWN);
}
