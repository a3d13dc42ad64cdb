/* The collector's link to the work table: one thread with one connection to PostgreSQL. It learns keys, takes sweeps
 * for the agents connected here, passes on what they answer, enrols, cancels, renews the lease and asks SQL to judge. A
 * NOTIFY is a hint, a poll the truth. While PostgreSQL is away the agents stay connected and what they say is kept. */
#ifndef CONTROL_CONTROL_H
#define CONTROL_CONTROL_H

#include "base/attributes.h"
#include "control/lease.h"
#include "exchange/mailbox.h"
#include "exchange/secrets.h"
#include "metrics/tallies.h"

struct control_config {
    const char *dsn;
    struct lease_config lease;
    struct secrets secrets;
    int secrets_fd; /* a pipe: struct secrets that replace them */
    struct mailbox *gateway;
    struct tallies *tallies; /* NULL: nobody watches */
    int drain_fd;            /* readable = take no more work */
    int stop_fd;             /* readable = write down what is left, give up the lease, end */
};

struct control;

/* `config` is copied, what it points to must outlive the control. NULL when memory is short. */
struct control *control_create(const struct control_config *config) MUST_CHECK;
void control_destroy(struct control *control); /* NULL is fine */

/* Runs until stop_fd, or until it has to end by itself: because another instance took over, or the schema does not fit.
 * Returns 0 or an exit code of sysexits.h; the reason has been logged. */
int control_run(struct control *control);

#endif
