/* The agent's side of the wire: keeps a session with one of its collectors, hands on commands, and brings the spool's
 * reports out. One thread; never blocks. */
#ifndef UPLINK_UPLINK_H
#define UPLINK_UPLINK_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "proto/wire.h"
#include "uplink/enrolment.h"
#include "uplink/link.h"
#include "uplink/spool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

struct uplink;

struct uplink_sweep {
    uint64_t sweep_id;
    uint32_t generation;
    bool running; /* false: queued */
};

/* Called from within uplink_handle; messages are the callee's only until it returns. */
struct uplink_hooks {
    void *argument;
    void (*online)(void *argument); /* a session stands: what was said in the last one may be lost */
    void (*start_sweep)(void *argument, const Natsweep__StartSweep *command);
    void (*cancel)(void *argument, const Natsweep__Cancel *cancel);
    /* A collector said where the collectors are and which keys prove them. Takes over into `enrolment` what this agent
     * is to follow; returns whether that is something new. */
    bool (*directory)(void *argument, const Natsweep__Welcome *welcome, struct enrolment *enrolment);
    /* The key that is to replace the present one, made now or earlier; returns whether there is one. */
    bool (*next_key)(void *argument, struct curve_key_pair *next);
    /* The next key with this public key is good now: puts it in the place of the present one; returns whether it could.
     */
    bool (*use_next_key)(void *argument, const uint8_t public_key[CURVE_KEY_BYTES], struct curve_key_pair *next);
    /* Fills in the running sweep first, then the queued ones; returns how many. */
    size_t (*sweeps)(void *argument, struct uplink_sweep *sweeps, size_t capacity);
};

struct uplink_config {
    void *context; /* of ZeroMQ */
    struct curve_key_pair key;
    struct enrolment enrolment;
    uint32_t heartbeat_ms, retry_ms, retry_max_ms;
    bool live; /* this agent may use raw sockets */
    struct spool *spool;
    struct uplink_hooks hooks;
};

struct uplink_status {
    const char *state, *why; /* static words; why = the sentence's end that explains the state */
    const char *endpoint;    /* of the present or next attempt; the uplink's */
    int64_t since_us;        /* wall clock of the last change of state */
    int64_t clock_offset_us; /* the collector's clock minus ours, at the welcome */
};

/* Copies `config`; its spool must outlive the uplink. NULL when memory is short. */
struct uplink *uplink_create(const struct uplink_config *config, uint64_t now_us) MUST_CHECK;
/* Hangs up; what was sent still leaves. NULL is fine. */
void uplink_destroy(struct uplink *uplink);

/* What to poll for; returns how many items. */
size_t uplink_poll_items(const struct uplink *uplink, zmq_pollitem_t items[LINK_POLL_ITEMS]);
uint64_t uplink_wake_us(const struct uplink *uplink, uint64_t now_us);
/* Does all that is due: to be called after each poll, and after a report was put into the spool. */
void uplink_handle(struct uplink *uplink, uint64_t now_us);

/* Sends a message; false when there is no session or no room, and then it is forgotten: only reports are kept. */
bool uplink_send(struct uplink *uplink, Envelope *envelope);

void uplink_get_status(const struct uplink *uplink, struct uplink_status *status);

#endif
