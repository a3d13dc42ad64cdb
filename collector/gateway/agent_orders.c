#include "gateway/agent_orders.h"

#include "exchange/notice.h"
#include "gateway/agent_answer.h"
#include "gateway/agent_notice.h"
#include "gateway/inbound.h"

#include <errno.h>
#include <string.h>

static void replace_keyring(struct agent_endpoint *endpoint, struct order *order)
{
    keyring_replace(&endpoint->keyring, order->keys, order->key_count);
    order->keys = NULL;
    endpoint->keyring_known = true;
    for (struct peer *peer = peers_next(endpoint->peers, NULL), *next; peer; peer = next) {
        next = peers_next(endpoint->peers, peer);
        const struct agent_key *key = keyring_find(&endpoint->keyring, peer->public_key);
        if (key && key->state == AGENT_ACTIVE && key->agent_id == peer->agent_id) {
            peer->site_id = key->site_id;
            continue;
        }
        agent_turn_away(endpoint, &peer->route, NATSWEEP__WELCOME__STATUS__REVOKED, 0, "this agent's key was revoked");
        agent_drop(endpoint, peer, "revoked");
    }
}

/* Only who is connected has just made a key. */
static void add_next_key(struct agent_endpoint *endpoint, const struct order *order)
{
    const struct peer *peer = peers_find(endpoint->peers, order->agent_id);
    const struct agent_key *known = peer ? keyring_find(&endpoint->keyring, peer->public_key) : NULL;
    if (!known)
        return;
    struct agent_key next = *known;
    next.is_next = true;
    memcpy(next.public_key, order->public_key, CURVE_KEY_BYTES);
    if (keyring_add(&endpoint->keyring, &next) != 0)
        agent_count(endpoint, COUNT_MEMORY);
}

static void replace_directory(struct agent_endpoint *endpoint, const struct directory *directory)
{
    endpoint->directory = *directory;
    for (struct peer *peer = peers_next(endpoint->peers, NULL); peer; peer = peers_next(endpoint->peers, peer)) {
        const struct agent_key *key = keyring_find(&endpoint->keyring, peer->public_key);
        agent_welcome(endpoint, &peer->route, key ? key->site : NULL);
    }
}

static void tell_undelivered(struct agent_endpoint *endpoint, const struct order *order)
{
    struct notice *notice = notice_create(NOTICE_UNDELIVERED);
    if (notice) {
        notice->agent_id = order->agent_id;
        notice->sweep_id = order->sweep_id;
        notice->generation = order->generation;
    }
    agent_tell(endpoint, notice);
}

static void send_order(struct agent_endpoint *endpoint, const struct order *order)
{
    struct peer *peer = peers_find(endpoint->peers, order->agent_id);
    int error = -EHOSTUNREACH;
    if (peer)
        error = inbound_answer(endpoint->router, &peer->route, order->frame, order->frame_bytes);
    if (error == 0)
        return;
    agent_count_send(endpoint, error);
    if (order->sweep_id != 0)
        tell_undelivered(endpoint, order);
    if (peer && error == -EHOSTUNREACH)
        agent_drop(endpoint, peer, "connection lost");
}

void agent_orders_carry_out(struct agent_endpoint *endpoint, struct order *order)
{
    switch (order->kind) {
    case ORDER_KEYRING: replace_keyring(endpoint, order); return;
    case ORDER_KEY:
        if (keyring_add(&endpoint->keyring, order->keys) != 0)
            agent_count(endpoint, COUNT_MEMORY);
        return;
    case ORDER_NEXT_KEY: add_next_key(endpoint, order); return;
    case ORDER_DIRECTORY: replace_directory(endpoint, order->directory); return;
    case ORDER_SEND: send_order(endpoint, order); return;
    case ORDER_REPLY: return; /* the enrolment endpoint's */
    }
}
