/* The agents connected here, as control knows them: their last hello, signs of life and progress, until the database
 * has heard of them. Everything is kept per agent, so an outage of PostgreSQL costs no more memory than the fleet has
 * agents. Pure. */
#ifndef CONTROL_AGENTS_H
#define CONTROL_AGENTS_H

#include "base/address.h"
#include "base/attributes.h"
#include "base/list.h"
#include "proto/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADOPTED_MAX 8 /* an agent runs one sweep and is given one at a time; more only after takeovers */

struct sweep_key {
    uint64_t sweep_id;
    uint32_t generation;
};

struct agent_progress {
    struct sweep_key key;
    uint32_t ports_done, remaining_ms;
    bool changed; /* since the database was told */
};

struct agent {
    int64_t agent_id;
    Envelope *hello;     /* that the database has not heard; NULL = it has */
    int64_t hello_at_us; /* wall clock of its arrival */
    bool greeted;        /* the database knows that it is connected here: it may be given work */
    bool by_next_key;    /* that hello came by a new key */
    bool seen;           /* heard since the database was told */
    uint32_t spool_depth;
    uint64_t spool_lost;
    char address[ADDRESS_TEXT_BYTES];
    struct agent_progress progress;
    struct sweep_key adopted[ADOPTED_MAX]; /* taken over: the agent still says the old generation */
    size_t adopted_count;
    struct list link; /* all agents */
};

struct agents;

struct agents *agents_create(void) MUST_CHECK; /* NULL when memory is short */
void agents_destroy(struct agents *agents);    /* NULL is fine */

struct agent *agents_find(struct agents *agents, int64_t agent_id) MUST_CHECK; /* NULL: not connected */

/* Takes a hello, which replaces an earlier one: the agent has to be greeted anew. Returns the agent, or NULL when
 * memory is short (the hello is then freed). */
struct agent *agents_hello(struct agents *agents, int64_t agent_id, Envelope *hello, int64_t at_us) MUST_CHECK;
void agents_remove(struct agents *agents, struct agent *agent); /* and frees it */

void agent_note_spool(struct agent *agent, const Natsweep__Spool *spool); /* NULL is fine */
void agent_note_address(struct agent *agent, const char *address);
void agent_note_progress(struct agent *agent, const Natsweep__Progress *progress);
void agent_adopt(struct agent *agent, struct sweep_key key);
/* The sweep as it is called now: by the generation of its takeover if there was one. */
struct sweep_key agent_current_key(const struct agent *agent, const Natsweep__SweepKey *key);

/* The agent after `agent`, the first for NULL; NULL at the end. Fetch the next before removing one. */
struct agent *agents_next(struct agents *agents, const struct agent *agent) MUST_CHECK;

#endif
