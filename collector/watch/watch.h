/* Lets people and programs see how the collector is: one thread that serves /metrics, /healthz and /readyz over HTTP
 * and asks the database with a connection of its own. Nobody waits for it: it only reads what the others count. */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include "base/address.h"
#include "base/attributes.h"
#include "metrics/tallies.h"

struct watch_config {
    struct address listen;
    const char *dsn;
    struct tallies *tallies;
    int stop_fd; /* readable = end */
};

struct watch;

/* `config` is copied, what it points to must outlive the watch. NULL when memory is short. */
struct watch *watch_create(const struct watch_config *config) MUST_CHECK;
void watch_destroy(struct watch *watch); /* NULL is fine */

/* Runs until stop_fd. While the port is taken it says so and tries again: reports matter more than being watched. */
void watch_run(struct watch *watch);

#endif
