/* A store writer: one thread with one connection to PostgreSQL. It takes deliveries from the gateway, stores them in batches of
 * one transaction, and gives each back exactly once with its fate - after COMMIT, never before. */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/attributes.h"
#include "exchange/mailbox.h"

struct writer_config {
    const char *dsn;
    const char *name;        /* application_name and the peer in log lines */
    struct mailbox *gateway; /* struct delivery, both ways */
    int stop_fd;             /* readable = give back what is not committed as DELIVERY_ABANDONED, and end */
};

struct writer;

/* The strings of `config` must outlive it. NULL when memory is short. */
struct writer *writer_create(const struct writer_config *config) MUST_CHECK;
void writer_destroy(struct writer *writer); /* NULL is fine */

/* Runs until stop_fd. While PostgreSQL is away it keeps what it has; the gateway bounds that. */
void writer_run(struct writer *writer);

#endif
