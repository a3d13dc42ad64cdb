/* Report batches into the tables, over one connection: one call of store_reports() for many, and when the database
 * refuses the values, smaller calls until the bad one stands alone. */
#ifndef STORE_STORE_SESSION_H
#define STORE_STORE_SESSION_H

#include "base/attributes.h"
#include "database/database.h"
#include "exchange/delivery.h"
#include "store/store_types.h"

#include <stdbool.h>
#include <stddef.h>

struct store_session {
    struct database *database;
    struct store_types types;
    bool types_known; /* false after every error: another database may answer next time */
};

/* Gives every delivery that is still DELIVERY_PENDING its fate: stored when committed, rejected with the payload kept
 * when it can never be stored, abandoned when memory is short. Returns DATABASE_OK; or DATABASE_AWAY, _RETRY or _BROKEN
 * when some stay pending: call again later with the same ones. A commit whose outcome is unknown is simply made again.
 */
int store_session_store(struct store_session *session, struct delivery *const *deliveries, size_t count) MUST_CHECK;

#endif
