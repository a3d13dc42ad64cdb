/* How the collector's threads hand each other objects: pointers over an inproc PAIR. Whoever sent an object no longer
 * owns it. A pair is made before its two threads start and destroyed after both have ended. */
#ifndef EXCHANGE_MAILBOX_H
#define EXCHANGE_MAILBOX_H

#include "base/attributes.h"

struct mailbox; /* one end; belongs to one thread at a time */
struct mailbox_pair;

/* `name` is unique within the context. NULL with errno set. */
struct mailbox_pair *mailbox_pair_create(void *context, const char *name) MUST_CHECK;
struct mailbox *mailbox_end(struct mailbox_pair *pair, int number); /* 0 or 1 */

/* Frees what is still under way towards end 0 and end 1 with these. NULL is fine as a pair. */
void mailbox_pair_destroy(struct mailbox_pair *pair, void (*free_at_0)(void *), void (*free_at_1)(void *));

/* Never waits. Returns 0, or -errno; then the object is still the caller's. */
int mailbox_send(struct mailbox *mailbox, void *object) MUST_CHECK;

/* The next object, now the caller's; NULL when there is none. Never waits. */
void *mailbox_receive(struct mailbox *mailbox) MUST_CHECK;

void *mailbox_socket(struct mailbox *mailbox); /* for zmq_poll */

#endif
