/* Enrolments: a stranger's token and key go to natsweep.enroll_agent(), its answer goes back. */
#ifndef CONTROL_ENROLMENT_H
#define CONTROL_ENROLMENT_H

#include "base/attributes.h"
#include "database/database.h"
#include "exchange/directory.h"
#include "exchange/notice.h"
#include "exchange/order.h"

/* What the gateway is asked to do, in this order; NULL = nothing. */
struct enrolment_orders {
    struct order *key;   /* let the agent in: it connects as soon as it has the answer */
    struct order *reply; /* the answer */
};

/* Makes the orders that answer an enroll; who joins is told the directory; `database` NULL = away. Returns an enum
 * database_error; whatever it is, *out holds what memory allowed, an error of the database being told as "unavailable".
 */
int enrolment_answer(struct database *database, const struct directory *directory, const struct notice *notice,
                     struct enrolment_orders *out) MUST_CHECK;

#endif
