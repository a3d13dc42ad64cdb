/* The outbox of the webhooks in the database: events are claimed and their fate is noted. */
#ifndef ALERT_OUTBOX_H
#define ALERT_OUTBOX_H

#include "alert/post.h"
#include "base/attributes.h"
#include "database/database.h"

#include <stddef.h>

#define OUTBOX_SENDER_BYTES 37 /* a UUID as text */

/* Who leases what it claims: another at each start. */
void outbox_sender(char sender[OUTBOX_SENDER_BYTES]);

/* Claims at most `count_max` events and makes a post of each: *count of them in `posts`, the caller's. What memory was
 * short for is claimed again after its lease. Returns an enum database_error. */
int outbox_claim(struct database *database, const char *sender, size_t count_max, const char *ca_file,
                 struct post *posts[], size_t *count) MUST_CHECK;

/* Notes what came of one. Returns an enum database_error. */
int outbox_done(struct database *database, const char *sender, const char *delivery_id,
                const struct post_result *outcome) MUST_CHECK;

#endif
