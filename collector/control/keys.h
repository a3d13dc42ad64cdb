/* The keyring of the gateways, from natsweep.agent_keys(). */
#ifndef CONTROL_KEYS_H
#define CONTROL_KEYS_H

#include "base/attributes.h"
#include "database/database.h"
#include "exchange/order.h"

/* Reads all keys and makes the order that hands them to the gateway. Returns an enum database_error; DATABASE_RETRY
 * also when memory is short. */
int keys_read(struct database *database, struct order **out) MUST_CHECK;

#endif
