/* The collector's door: one thread that owns the ROUTER of the agents, the ROUTER of enrolment and the ZAP handler of
 * its context. It knows no database: keys and orders come from control, reports go to the store writers and come back.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "exchange/mailbox.h"
#include "metrics/tallies.h"

#include <stddef.h>
#include <stdint.h>

#define GATEWAY_MESSAGE_BYTES 512
#define GATEWAY_ENDPOINT_BYTES 256

struct gateway_config {
    const char *listen;        /* ZeroMQ endpoints, separated by commas */
    const char *listen_enroll; /* the same; empty = no enrolment here */
    const struct curve_key_pair *server;
    uint32_t heartbeat_ms;
    uint32_t heartbeat_misses; /* so many heartbeats late = gone */
    uint64_t queue_bytes;      /* of reports on their way to the store and back */
    uint32_t enroll_source_per_minute, enroll_total_per_minute;
    uint32_t drain_ms; /* how long the reports that are out may take after a stop */
    struct mailbox *control;
    struct mailbox *const *stores;
    size_t store_count;      /* 1 at least */
    struct tallies *tallies; /* NULL: nobody watches */
    int stop_fd;             /* readable = take no more reports, wait for those that are out, end */
};

struct gateway;

/* Makes the sockets, proves that access control works, listens. `config` is copied, what it points to must outlive the
 * gateway. Returns NULL with one sentence in `message`. */
struct gateway *gateway_create(void *context, const struct gateway_config *config,
                               char message[GATEWAY_MESSAGE_BYTES]) MUST_CHECK;
void gateway_destroy(struct gateway *gateway); /* NULL is fine */

/* Runs until stop_fd. Returns the number of reports that were still out. */
size_t gateway_run(struct gateway *gateway);

/* The endpoint that was bound last, with the port when it was a wildcard. */
const char *gateway_endpoint(const struct gateway *gateway);
const char *gateway_enroll_endpoint(const struct gateway *gateway); /* empty: no enrolment here */

#endif
