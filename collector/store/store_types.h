/* The three parameters of natsweep.store_reports() and what the database calls their types. */
#ifndef STORE_STORE_TYPES_H
#define STORE_STORE_TYPES_H

#include "base/attributes.h"
#include "database/database.h"

#include <stdint.h>

enum store_parameter { STORE_REPORTS, STORE_PARTS, STORE_EVIDENCE, STORE_PARAMETERS };

/* Numbers that differ from database to database. */
struct store_types {
    uint32_t array[STORE_PARAMETERS], element[STORE_PARAMETERS];
};

/* Returns 0 or an enum database_error, DATABASE_BROKEN when the schema has no such types. */
int store_types_ask(struct database *database, struct store_types *types) MUST_CHECK;

#endif
