#include "gateway/peers.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>

/* One return is an old process that shuts down while the new one starts; two are turns. */
#define CLONE_ALTERNATIONS 2u

#define PUT_OFF_BASE_MS 2000u
#define PUT_OFF_DOUBLINGS 4u /* up to 32 s, and chance makes it up to twice that */
#define US_PER_MS 1000u

struct peers {
    void *by_agent; /* tree of tsearch(3) */
    struct list by_age;
    size_t count;
};

uint32_t peer_put_off(struct peer *peer, uint64_t now_us, uint64_t random)
{
    if (now_us < peer->put_off_until_us)
        return 0;
    uint32_t base_ms = PUT_OFF_BASE_MS << (peer->put_offs < PUT_OFF_DOUBLINGS ? peer->put_offs : PUT_OFF_DOUBLINGS);
    uint32_t wait_ms = base_ms / 2 + (uint32_t)(random % base_ms);
    peer->put_offs++;
    peer->put_off_until_us = now_us + (uint64_t)wait_ms * US_PER_MS;
    return wait_ms;
}

void peer_takes_credit(struct peer *peer)
{
    peer->reports_out++;
    peer->put_offs = 0;
}

void peer_gives_back_credit(struct peer *peer)
{
    if (peer->reports_out > 0)
        peer->reports_out--;
}

struct peers *peers_create(void)
{
    struct peers *peers = calloc(1, sizeof(*peers));
    if (peers)
        list_init(&peers->by_age);
    return peers;
}

void peers_destroy(struct peers *peers)
{
    if (!peers)
        return;
    for (struct peer *peer = peers_next(peers, NULL); peer; peer = peers_next(peers, NULL))
        peers_remove(peers, peer);
    free(peers);
}

static int compare(const void *a, const void *b)
{
    int64_t left = ((const struct peer *)a)->agent_id;
    int64_t right = ((const struct peer *)b)->agent_id;
    return (left > right) - (left < right);
}

struct peer *peers_find(struct peers *peers, int64_t agent_id)
{
    struct peer wanted = {.agent_id = agent_id};
    struct peer *const *node = (struct peer *const *)tfind(&wanted, &peers->by_agent, compare);
    return node ? *node : NULL;
}

static struct peer *add(struct peers *peers, int64_t agent_id)
{
    struct peer *peer = calloc(1, sizeof(*peer));
    if (!peer)
        return NULL;
    peer->agent_id = agent_id;
    if (!tsearch(peer, &peers->by_agent, compare)) {
        free(peer);
        return NULL;
    }
    list_append(&peers->by_age, &peer->by_age);
    peers->count++;
    return peer;
}

static enum peer_arrival note_instance(struct peer *peer, uint64_t instance)
{
    if (instance == peer->instance)
        return PEER_RETURNED;
    peer->alternations = instance == peer->previous_instance ? peer->alternations + 1 : 0;
    if (peer->alternations == 0)
        peer->clone_told = false;
    peer->previous_instance = peer->instance;
    peer->instance = instance;
    if (peer->alternations < CLONE_ALTERNATIONS || peer->clone_told)
        return PEER_RESTARTED;
    peer->clone_told = true;
    return PEER_CLONE;
}

int peers_hello(struct peers *peers, int64_t agent_id, const struct route *route, uint64_t instance, uint64_t now_us,
                struct peer **out)
{
    struct peer *peer = peers_find(peers, agent_id);
    int arrival = PEER_NEW;
    if (peer) {
        arrival = note_instance(peer, instance);
    } else {
        peer = add(peers, agent_id);
        if (!peer)
            return -ENOMEM;
        peer->instance = instance;
        peer->talk = bucket_make(PEER_TALK_PER_MINUTE, now_us);
    }
    peer->route = *route;
    peer->put_off_until_us = 0; /* a new process has not heard of it */
    peers_heard(peers, peer, now_us);
    *out = peer;
    return arrival;
}

void peers_heard(struct peers *peers, struct peer *peer, uint64_t now_us)
{
    peer->heard_us = now_us;
    list_remove(&peer->by_age);
    list_append(&peers->by_age, &peer->by_age);
}

void peers_remove(struct peers *peers, struct peer *peer)
{
    tdelete(peer, &peers->by_agent, compare);
    list_remove(&peer->by_age);
    peers->count--;
    free(peer);
}

struct peer *peers_next(struct peers *peers, const struct peer *peer)
{
    struct list *link = peer ? peer->by_age.next : peers->by_age.next;
    return link == &peers->by_age ? NULL : list_entry(link, struct peer, by_age);
}

struct peer *peers_silent(struct peers *peers, uint64_t since_us)
{
    struct peer *oldest = peers_next(peers, NULL);
    return oldest && oldest->heard_us < since_us ? oldest : NULL;
}

size_t peers_count(const struct peers *peers)
{
    return peers->count;
}
