/* Tells customers what happened: one thread that claims events from the outbox of the webhooks and posts them, several
 * at a time. Nobody waits for it, and it holds nothing that the database does not have: what it was sending when it
 * ended is sent again by whoever claims it next, with the same number. */
#ifndef ALERT_ALERT_H
#define ALERT_ALERT_H

#include "base/attributes.h"
#include "metrics/tallies.h"

struct alert_config {
    const char *dsn;
    const char *ca_file; /* NULL: the system's authorities */
    struct tallies *tallies;
    int stop_fd; /* readable = end */
};

struct alert;

/* curl_global_init() must have been called before there were threads. `config` is copied, what it points to must
 * outlive the alert. NULL when memory is short. */
struct alert *alert_create(const struct alert_config *config) MUST_CHECK;
void alert_destroy(struct alert *alert); /* NULL is fine */
void alert_run(struct alert *alert);     /* until stop_fd */

#endif
