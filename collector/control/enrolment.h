/* Enrolments: a stranger's token and key go to natsweep.enroll_agent(), its answer goes back. */
#ifndef CONTROL_ENROLMENT_H
#define CONTROL_ENROLMENT_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "database/database.h"
#include "exchange/notice.h"
#include "exchange/order.h"

struct enrolment_config {
    const char *endpoints; /* where agents connect afterwards, separated by commas */
    const uint8_t *server_public_key;
};

/* Makes the answer to an enroll; `database` NULL = away. Returns an enum database_error; there is an answer in any case
 * but DATABASE_RETRY for want of memory, when *out is NULL: an error of the database is told as "unavailable". */
int enrolment_answer(struct database *database, const struct enrolment_config *config, const struct notice *notice,
                     struct order **out) MUST_CHECK;

#endif
