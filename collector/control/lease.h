/* This collector's place in the database: its lease, and where agents find it. */
#ifndef CONTROL_LEASE_H
#define CONTROL_LEASE_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "database/database.h"

#include <stdint.h>

#define LEASE_BEAT_US 5000000u /* a third of natsweep.collector_lease() */

struct lease_config {
    const char *name;
    uint8_t public_key[CURVE_KEY_BYTES];
    const char *endpoints, *enroll_endpoints; /* as agents reach them, separated by commas */
};

struct secrets;

struct lease {
    int64_t collector_id; /* 0 = never had one */
    uint64_t instance;
};

enum lease_answer {
    LEASE_OK = 0,
    LEASE_SUPERSEDED = 1, /* another instance of that name goes on: stop */
    LEASE_OLD_SCHEMA = 2  /* the schema is older than this program: stop */
};

/* Begins or, after an outage, resumes. Returns an enum lease_answer, or a (negative) enum database_error. */
int lease_take(struct lease *lease, struct database *database, const struct lease_config *config,
               const struct secrets *secrets) MUST_CHECK;
/* Says again where and by which keys agents find this collector. Returns an enum database_error. */
int lease_publish(const struct lease *lease, struct database *database, const struct lease_config *config,
                  const struct secrets *secrets) MUST_CHECK;
int lease_beat(const struct lease *lease, struct database *database) MUST_CHECK;    /* the same */
int lease_give_up(const struct lease *lease, struct database *database) MUST_CHECK; /* an enum database_error */

#endif
