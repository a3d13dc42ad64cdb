/* The agents that are connected: agent -> the route that its newest hello came by. Pure: time is an argument. */
#ifndef GATEWAY_PEERS_H
#define GATEWAY_PEERS_H

#include "base/attributes.h"
#include "base/bucket.h"
#include "base/curve_key.h"
#include "base/list.h"
#include "exchange/route.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEER_NAME_BYTES 128
/* What an agent may say to control, in messages and kilobytes: ten times what the busiest says. Control may have to
 * wait for the database, and what is said in the meantime takes memory. */
#define PEER_TALK_PER_MINUTE 1200u

/* Reports of one agent that may be on their way to the store: as many as it sends without an answer. So no agent takes
 * the room of others. */
#define PEER_CREDIT 16u

struct peer {
    int64_t agent_id, site_id;
    uint8_t public_key[CURVE_KEY_BYTES];
    struct route route;
    uint64_t instance, previous_instance; /* of the agent's process; 0 = none yet */
    unsigned alternations;                /* how often an instance came back that another had replaced */
    bool clone_told;
    uint64_t heard_us;
    struct bucket talk;
    unsigned reports_out;       /* with the store, not yet back */
    unsigned put_offs;          /* in a row */
    uint64_t put_off_until_us;  /* it was told to keep its reports until then */
    char name[PEER_NAME_BYTES]; /* "site/hostname" for log lines */
    struct list by_age;         /* link: the longest silent first */
};

enum peer_arrival {
    PEER_NEW,       /* was not connected */
    PEER_RETURNED,  /* the same process by a new connection */
    PEER_RESTARTED, /* a new process of the agent */
    PEER_CLONE      /* two processes with one key take turns: somebody copied the machine. Told once a pair. */
};

struct peers;

/* How long the agent is to keep its reports: longer each time in a row, and by chance, so that a fleet comes back in a
 * trickle and not as a wave. 0: it has been told already. */
uint32_t peer_put_off(struct peer *peer, uint64_t now_us, uint64_t random) MUST_CHECK;
/* A report is on its way to the store. */
void peer_takes_credit(struct peer *peer);
/* A report is back; never more than were taken, although they may have been another connection's. */
void peer_gives_back_credit(struct peer *peer);

struct peers *peers_create(void) MUST_CHECK; /* NULL when memory is short */
void peers_destroy(struct peers *peers);     /* NULL is fine */

/* Records a hello: the newest route wins. On success *out belongs to `peers`. Returns an arrival or -ENOMEM. */
int peers_hello(struct peers *peers, int64_t agent_id, const struct route *route, uint64_t instance, uint64_t now_us,
                struct peer **out) MUST_CHECK;

struct peer *peers_find(struct peers *peers, int64_t agent_id) MUST_CHECK; /* NULL when not connected */
void peers_heard(struct peers *peers, struct peer *peer, uint64_t now_us);
void peers_remove(struct peers *peers, struct peer *peer); /* and frees it */

/* The peer heard least recently if that was before `since_us`, else NULL: a loop of these and peers_remove expires all.
 */
struct peer *peers_silent(struct peers *peers, uint64_t since_us) MUST_CHECK;
/* The peer after `peer` in order of age, the first for NULL; NULL at the end. Fetch the next before removing one. */
struct peer *peers_next(struct peers *peers, const struct peer *peer) MUST_CHECK;
size_t peers_count(const struct peers *peers);

#endif
