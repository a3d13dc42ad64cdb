/* A report that cannot be stored: kept as it came, with the reason, and given its fate. */
#ifndef STORE_STORE_REJECT_H
#define STORE_STORE_REJECT_H

#include "base/attributes.h"
#include "database/database.h"
#include "exchange/delivery.h"

/* Returns 0 once the delivery is DELIVERY_REJECTED. Otherwise an enum database_error, and it stays pending: it is not
 * turned away before it is kept. */
int store_reject(struct database *database, struct delivery *delivery, const char *reason) MUST_CHECK;

#endif
