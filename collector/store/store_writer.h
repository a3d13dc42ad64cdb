/* A store writer: one thread with one connection that turns deliveries into committed rows. It takes what is there, up
 * to a batch, and never waits for more, so that a lone report is committed at once and a flood in large batches. While
 * PostgreSQL is away it holds one batch and leaves the rest in the mailbox, where the gateway counts them and asks
 * agents to wait. */
#ifndef STORE_STORE_WRITER_H
#define STORE_STORE_WRITER_H

#include "base/attributes.h"
#include "exchange/mailbox.h"
#include "metrics/tallies.h"

struct store_writer_config {
    const char *dsn;         /* conninfo string or URI */
    const char *name;        /* application_name, and the peer in log lines */
    struct mailbox *gateway; /* struct delivery, both ways */
    struct tallies *tallies; /* NULL: nobody watches */
    int stop_fd;             /* readable = end; what is held goes back as it is */
};

struct store_writer;

/* `config` is copied, what it points to must outlive the writer. NULL when memory is short. */
struct store_writer *store_writer_create(const struct store_writer_config *config) MUST_CHECK;
void store_writer_destroy(struct store_writer *writer); /* NULL is fine */

/* Runs until stop_fd. Every delivery it has taken goes back through the mailbox exactly once, DELIVERY_ABANDONED when
 * the end came first. The gateway must have stopped by then, or its next reports stay unanswered. */
void store_writer_run(struct store_writer *writer);

#endif
